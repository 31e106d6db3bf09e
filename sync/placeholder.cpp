namespace fieldpost {}
