// The commands, one function each; main.cpp holds their table.
#pragma once

#include "tools/fieldpostctl/home.h"

namespace fieldpost::ctl {

// commands_central.cpp
Reply ticket(const Context& context);
Reply approve(const Context& context);
Reply devices(const Context& context);
Reply revoke(const Context& context);
Reply restored(const Context& context);

// commands_backup.cpp
Reply backup(const Context& context);
Reply restore_backup(const Context& context);

// commands_sync.cpp
Reply enrol_laptop(const Context& context);
Reply sync(const Context& context);
Reply status(const Context& context);

// commands_bundle.cpp
Reply bundle(const Context& context);

// commands_records.cpp
Reply new_record(const Context& context);
Reply edit(const Context& context);
Reply show(const Context& context);
Reply list(const Context& context);
Reply conflicts(const Context& context);
Reply resolve(const Context& context);
Reply verify(const Context& context);

// commands_desk.cpp
Reply inbox(const Context& context);
Reply review(const Context& context);

// commands_attachment.cpp
Reply attachment(const Context& context);

// commands_proof.cpp
Reply proof(const Context& context);
Reply gaps(const Context& context);

// commands_salvage.cpp
Reply salvage(const Context& context);

// commands_forms.cpp
Reply form(const Context& context);

// commands_data.cpp
Reply import_records(const Context& context);
Reply export_records(const Context& context);

// commands_report.cpp
Reply report(const Context& context);

// commands_closing.cpp
Reply lock(const Context& context);
Reply registers(const Context& context);

// commands_matching.cpp
Reply duplicates(const Context& context);
Reply same(const Context& context);
Reply not_same(const Context& context);
Reply undecided(const Context& context);

// commands_paper.cpp
Reply paper(const Context& context);

// commands_simulate.cpp
Reply simulate_seeds(const Context& context);

}  // namespace fieldpost::ctl
