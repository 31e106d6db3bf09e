#include "tools/fieldpostctl/commands.h"
namespace fieldpost::ctl {
Reply report(const Context&) { return wrong_usage("later"); }
Reply import_records(const Context&) { return wrong_usage("later"); }
Reply export_records(const Context&) { return wrong_usage("later"); }
}  // namespace fieldpost::ctl
