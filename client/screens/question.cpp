#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/form_parts.h"
#include "client/screens/parts.h"

namespace fieldpost {
namespace {

// More options than this are chosen from a list that filters, fewer stand there as check boxes.
constexpr std::size_t check_boxes_max = 14;

float field_width(const Question& question, float available) {
  switch (question.type) {
    case QuestionType::integer:
    case QuestionType::decimal:
    case QuestionType::date:
    case QuestionType::time: return std::min(available, ui::px(220));
    default: return std::min(available, ui::px(620));
  }
}

ui::FindOptions finder(FormEntry& entry, const EntityId& entity, const Question& question) {
  return [&entry, entity, &question](std::string_view typed) {
    std::vector<ui::ChoiceOption> options;
    for (Choice& choice : entry.choices(entity, question, typed))
      options.push_back({std::move(choice.code), std::move(choice.text), std::move(choice.detail)});
    return options;
  };
}

void draw_multiple(const std::string& name, FormEntry& entry, const EntityId& entity, const Question& question,
                   float width) {
  const std::vector<Choice> options = entry.choices(entity, question, "");
  std::vector<Choice> boxes = options;
  if (options.size() > check_boxes_max) {
    ui::FieldOptions field;
    field.width = width;
    field.hint = tr("form.type_to_add");
    const auto find = [&](std::string_view typed) {
      std::vector<ui::ChoiceOption> left;
      for (Choice& choice : entry.choices(entity, question, typed))
        if (!entry.is_chosen(entity, question, choice.code))
          left.push_back({choice.code, choice.text, choice.detail});
      return left;
    };
    const ui::ChoiceResult result = ui::choice_field(name, "", find, field, tr("form.not_in_list"));
    if (result.chosen) {
      entry.toggle(entity, question, result.chosen->code, true);
      ui::focus(name);  // usually another one follows
    }
    if (result.left) entry.visited(entity, question);
    std::erase_if(boxes, [&](const Choice& choice) { return !entry.is_chosen(entity, question, choice.code); });
  }
  // In columns, so that the eye runs down them.
  const float left = ImGui::GetCursorPosX(), room = ImGui::GetContentRegionAvail().x;
  float column = 1;
  for (const Choice& choice : boxes)
    column = std::max(column, ImGui::CalcTextSize(choice.text.c_str()).x + ImGui::GetFrameHeight() + ui::px(28));
  const std::size_t columns = std::max<std::size_t>(1, static_cast<std::size_t>(room / column));
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Choice& choice = boxes[i];
    if (i % columns != 0) {
      ImGui::SameLine();
      ImGui::SetCursorPosX(left + column * static_cast<float>(i % columns));
    }
    bool on = entry.is_chosen(entity, question, choice.code);
    if (ui::checkbox(name + "/" + choice.code, choice.text, on)) {
      entry.toggle(entity, question, choice.code, on);
      entry.visited(entity, question);
    }
  }
}

void draw_problems(FormEntry& entry, const EntityId& entity, const Question& question) {
  if (const auto fault = entry.typing_fault(entity, question))
    ui::wrapped(tr_with("form.cannot_read", {*fault}), ui::Tone::attention);
  for (const Problem* problem : entry.problems_at(entity, question))
    ui::wrapped(problem->message.in(language()),
                problem->severity == Severity::error ? ui::Tone::attention : ui::Tone::warning);
}

}  // namespace

void draw_legacy_offer(const std::string& name, FormEntry& entry, const EntityId& entity, const Question& question) {
  if (question.type != QuestionType::text) return;
  const ui::LegacyWords words{tr("paste.legacy"), tr("paste.convert"), tr("paste.keep")};
  if (ui::legacy_offer(name, entry.text(entity, question), words)) entry.text_changed(entity, question);
}

bool is_plain(const Question& question) {
  return question.type != QuestionType::text || question.appearance == "phone" ||
         question.appearance == "citizen_number";
}

ui::Tone answer_tone(FormEntry& entry, const EntityId& entity, const Question& question) {
  if (entry.typing_fault(entity, question)) return ui::Tone::attention;
  if (entry.conflicts.contains({entity, {question.number, {}}})) return ui::Tone::attention;
  ui::Tone tone = ui::Tone::neutral;
  for (const Problem* problem : entry.problems_at(entity, question)) {
    if (problem->severity == Severity::error) return ui::Tone::attention;
    tone = ui::Tone::warning;
  }
  return tone;
}

InputResult draw_input(const std::string& name, FormEntry& entry, const EntityId& entity, const Question& question,
                       float width) {
  if (entry.hides(question)) {
    ui::veiled_field(name, veiled_text(), width);
    return {};
  }
  ui::FieldOptions options;
  options.width = width;
  options.tone = answer_tone(entry, entity, question);
  switch (question.type) {
    case QuestionType::select_one:
    case QuestionType::place:
    case QuestionType::record: {
      if (entity == entry.record()) options.hint = tr("form.type_to_find");
      const ui::ChoiceResult result =
          ui::choice_field(name, entry.answer_text(entity, question), finder(entry, entity, question), options,
                           tr("form.not_in_list"));
      if (result.chosen) entry.choose(entity, question, result.chosen->code);
      if (result.cleared) entry.clear(entity, question);
      if (result.left) entry.visited(entity, question);
      return {false, result.submitted, result.active, result.left};
    }
    case QuestionType::image:
    case QuestionType::file: {
      options.hint = tr("file.path");
      options.claims_arrows = entity != entry.record();
      options.plain = true;
      const ui::FieldResult field = ui::text_field(name, entry.text(entity, question), options);
      if (field.submitted || field.left) entry.file_typed(entity, question);
      if (field.left) entry.visited(entity, question);
      return {field.edited, field.submitted, field.active, field.left};
    }
    case QuestionType::date: options.hint = tr("type.date_short"); break;
    case QuestionType::time: options.hint = tr("type.time_short"); break;
    default: break;
  }
  const bool in_row = entity != entry.record();
  if (question.type == QuestionType::text && question.appearance == "multiline" && !in_row) options.lines = 4;
  options.plain = is_plain(question);
  options.claims_arrows = in_row;  // Up and Down go from row to row
  const ui::FieldResult field = ui::text_field(name, entry.text(entity, question), options);
  if (field.edited) entry.text_changed(entity, question);
  if (field.left) entry.visited(entity, question);
  return {field.edited, field.submitted, field.active, field.left};
}

std::optional<Action> draw_question(FormEntry& entry, const FormEntry::Item& item) {
  std::optional<Action> action;
  const Question& question = *item.question;
  const EntityId& record = entry.record();
  const std::string& label = question.label.in(language());
  if (question.type == QuestionType::note) {
    ui::wrapped(label, ui::Tone::quiet);
    return action;
  }
  if (question.type == QuestionType::calculate && label.empty()) return action;

  // Label at the left and field at the right where there is room, one above the other where there is not.
  const float available = ImGui::GetContentRegionAvail().x;
  const bool wide = available > ui::px(720);
  const float label_width = wide ? ui::px(250) : available;
  const float left = ImGui::GetCursorPosX();
  ImGui::PushID(question.name.c_str());
  ImGui::BeginGroup();
  if (wide) ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ImGui::GetStyle().FramePadding.y);
  ImGui::PushTextWrapPos(left + label_width);
  ui::text(item.required ? label + " *" : label);
  ImGui::PopTextWrapPos();
  ImGui::EndGroup();
  if (wide) ImGui::SameLine(left + label_width + ui::px(16));
  ImGui::BeginGroup();
  const float field_room = wide ? available - label_width - ui::px(16) : available;
  if (question.type == QuestionType::calculate) {
    if (wide) ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ImGui::GetStyle().FramePadding.y);
    ui::bold(item.calculated.empty() ? "–" : entry.hides(question) ? veiled_text() : item.calculated);
  } else {
    ImGui::PopID();  // names of fields stand alone, so that tests and the keyboard find them
    const std::string name = "f/" + question.name;
    if (question.type == QuestionType::select_multiple && !entry.hides(question)) {
      draw_multiple(name, entry, record, question, field_width(question, field_room));
    } else {
      draw_input(name, entry, record, question, field_width(question, field_room));
    }
    ImGui::PushID(question.name.c_str());
    if (!entry.hides(question)) draw_legacy_offer(name, entry, record, question);
    draw_problems(entry, record, question);
    if (!entry.veiled)
      for (const FieldNote& note : entry.notes_at(question))
        ui::wrapped(note.text, note.kind == FieldNote::Kind::good      ? ui::Tone::good
                               : note.kind == FieldNote::Kind::warning ? ui::Tone::warning
                                                                       : ui::Tone::waiting);
    const std::string& hint = question.hint.in(language());
    if (!hint.empty() && answer_tone(entry, record, question) == ui::Tone::neutral)
      ui::wrapped(hint, ui::Tone::quiet);
    if (auto asked = draw_remarks_at(entry, question)) action = std::move(asked);
    for (const auto& [field, conflict] : entry.conflicts) {
      if (field.entity != record || field.field.number != question.number) continue;
      const std::string rivals_name = question.name + (field.field.option.empty() ? "" : "/" + field.field.option);
      if (!field.field.option.empty()) ui::text(conflict.label, ui::Tone::attention);
      if (const auto taken = draw_rivals(rivals_name, conflict, entry.reason, entry.veiled))
        action = SettleConflict{record, {{field, conflict.rivals[*taken].value}}, entry.reason};
    }
  }
  ImGui::EndGroup();
  ImGui::PopID();
  return action;
}

}  // namespace fieldpost
