"""Reads the tables of this release as labelled data frames:

    from load import load_release
    release = load_release()                     # from this folder; load_release("folder") from another one
    data, why = release["wide"]
    data, why = load_release(tables=["wide"], categories=True)["wide"]

Each table is a pair of data frames of the same shape: the values, and in the second for every empty cell the word that says why
it is. data.attrs["labels"] has the label of every column and data.attrs["value_labels"] what its codes mean. With
categories=True codes and bands become categories with those labels, ordered where the codes are. It needs pandas.
"""

import os

import pandas


def load_release(dir=".", tables=None, categories=False):
    """Return {table: (values, reasons)} of the tables named, or of all."""
    return {name: _table(dir, name, _TABLES[name], categories) for name in (_TABLES if tables is None else tables)}


def _read(dir, name):
    return pandas.read_csv(os.path.join(dir, name), dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")


def _table(dir, name, table, categories):
    data, why = _read(dir, name + ".csv"), _read(dir, name + "_missing.csv")
    columns = table["columns"]
    if list(data.columns) != [c["name"] for c in columns]:
        raise ValueError(name + ".csv does not have the columns that this script describes")
    key = table["key"]
    rows = {cells: i for i, cells in enumerate(zip(*(data[k] for k in key)))}
    reasons = {c["name"]: [None] * len(data) for c in columns}
    for *cells, column, reason in why[key + ["column", "reason"]].itertuples(index=False, name=None):
        reasons[column][rows[tuple(cells)]] = reason
    values = {}
    for c in columns:
        cells, codes = data[c["name"]], c["codes"]
        if c["kind"] in ("number", "coded"):
            cells, codes = pandas.to_numeric(cells), [float(code) for code in codes]
        if categories and codes:
            cells = cells.astype(pandas.CategoricalDtype(codes, ordered=c["kind"] in ("coded", "band")))
            cells = cells.cat.rename_categories(c["labels"])
        values[c["name"]] = cells
    frame = pandas.DataFrame(values, index=data.index)
    frame.attrs["labels"] = {c["name"]: c["label"] for c in columns}
    frame.attrs["value_labels"] = {c["name"]: dict(zip(c["codes"], c["labels"])) for c in columns if c["codes"]}
    return frame, pandas.DataFrame(reasons, index=data.index, dtype=object)


_TABLES = {
    "participants": {"key": ["id"], "columns": [
        {"name": "id", "kind": "text", "label": "Id of the person in this release", "codes": [], "labels": []},
        {"name": "arm", "kind": "word", "label": "Arm of the study", "codes": ["new", "usual"], "labels": ["New", "Usual"]},
        {"name": "about_age", "kind": "band", "label": "How old are you?", "codes": ["16 to 39", "40 to 64", "65 and over"], "labels": ["16 to 39", "40 to 64", "65 and over"]},
        {"name": "baseline_disposition", "kind": "word", "label": "What came of Baseline", "codes": ["not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"], "labels": ["Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible"]},
        {"name": "baseline_due", "kind": "number", "label": "Day on which Baseline was due, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "baseline_opens", "kind": "number", "label": "First day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "baseline_closes", "kind": "number", "label": "Last day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "baseline_mode", "kind": "word", "label": "How the answers were collected", "codes": ["web", "kiosk", "paper", "telephone", "bulk"], "labels": ["the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system"]},
        {"name": "baseline_day", "kind": "number", "label": "Day of the answers, in days since the person's baseline; empty where it is not known", "codes": [], "labels": []},
        {"name": "later_disposition", "kind": "word", "label": "What came of Three months", "codes": ["not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"], "labels": ["Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible"]},
        {"name": "later_due", "kind": "number", "label": "Day on which Three months was due, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "later_opens", "kind": "number", "label": "First day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "later_closes", "kind": "number", "label": "Last day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "later_mode", "kind": "word", "label": "How the answers were collected", "codes": ["web", "kiosk", "paper", "telephone", "bulk"], "labels": ["the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system"]},
        {"name": "later_day", "kind": "number", "label": "Day of the answers, in days since the person's baseline; empty where it is not known", "codes": [], "labels": []},
    ]},
    "baseline_mood": {"key": ["id"], "columns": [
        {"name": "id", "kind": "text", "label": "Id of the person in this release", "codes": [], "labels": []},
        {"name": "mood_1", "kind": "coded", "label": "How often is statement 1 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "mood_2", "kind": "coded", "label": "How often is statement 2 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "mood", "kind": "number", "label": "Mood (higher-better); no score where a proxy gave any of its answers", "codes": [], "labels": []},
        {"name": "mood_answered", "kind": "number", "label": "Items of mood that were answered", "codes": [], "labels": []},
        {"name": "mood_prorated", "kind": "coded", "label": "Whether the mean of the answered items of mood stands for the others", "codes": ["1", "0"], "labels": ["yes", "no"]},
    ]},
    "later_mood": {"key": ["id"], "columns": [
        {"name": "id", "kind": "text", "label": "Id of the person in this release", "codes": [], "labels": []},
        {"name": "mood_1", "kind": "coded", "label": "How often is statement 1 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "mood_2", "kind": "coded", "label": "How often is statement 2 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "mood", "kind": "number", "label": "Mood (higher-better); no score where a proxy gave any of its answers", "codes": [], "labels": []},
        {"name": "mood_answered", "kind": "number", "label": "Items of mood that were answered", "codes": [], "labels": []},
        {"name": "mood_prorated", "kind": "coded", "label": "Whether the mean of the answered items of mood stands for the others", "codes": ["1", "0"], "labels": ["yes", "no"]},
    ]},
    "wide": {"key": ["id"], "columns": [
        {"name": "id", "kind": "text", "label": "Id of the person in this release", "codes": [], "labels": []},
        {"name": "arm", "kind": "word", "label": "Arm of the study", "codes": ["new", "usual"], "labels": ["New", "Usual"]},
        {"name": "about_age", "kind": "band", "label": "How old are you?", "codes": ["16 to 39", "40 to 64", "65 and over"], "labels": ["16 to 39", "40 to 64", "65 and over"]},
        {"name": "baseline_disposition", "kind": "word", "label": "What came of Baseline", "codes": ["not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"], "labels": ["Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible"]},
        {"name": "baseline_due", "kind": "number", "label": "Day on which Baseline was due, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "baseline_opens", "kind": "number", "label": "First day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "baseline_closes", "kind": "number", "label": "Last day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "baseline_mode", "kind": "word", "label": "How the answers were collected", "codes": ["web", "kiosk", "paper", "telephone", "bulk"], "labels": ["the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system"]},
        {"name": "baseline_day", "kind": "number", "label": "Day of the answers, in days since the person's baseline; empty where it is not known", "codes": [], "labels": []},
        {"name": "later_disposition", "kind": "word", "label": "What came of Three months", "codes": ["not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"], "labels": ["Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible"]},
        {"name": "later_due", "kind": "number", "label": "Day on which Three months was due, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "later_opens", "kind": "number", "label": "First day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "later_closes", "kind": "number", "label": "Last day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "later_mode", "kind": "word", "label": "How the answers were collected", "codes": ["web", "kiosk", "paper", "telephone", "bulk"], "labels": ["the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system"]},
        {"name": "later_day", "kind": "number", "label": "Day of the answers, in days since the person's baseline; empty where it is not known", "codes": [], "labels": []},
        {"name": "baseline_mood_1", "kind": "coded", "label": "How often is statement 1 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "baseline_mood_2", "kind": "coded", "label": "How often is statement 2 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "baseline_mood", "kind": "number", "label": "Mood (higher-better); no score where a proxy gave any of its answers", "codes": [], "labels": []},
        {"name": "baseline_mood_answered", "kind": "number", "label": "Items of mood that were answered", "codes": [], "labels": []},
        {"name": "baseline_mood_prorated", "kind": "coded", "label": "Whether the mean of the answered items of mood stands for the others", "codes": ["1", "0"], "labels": ["yes", "no"]},
        {"name": "later_mood_1", "kind": "coded", "label": "How often is statement 1 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "later_mood_2", "kind": "coded", "label": "How often is statement 2 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "later_mood", "kind": "number", "label": "Mood (higher-better); no score where a proxy gave any of its answers", "codes": [], "labels": []},
        {"name": "later_mood_answered", "kind": "number", "label": "Items of mood that were answered", "codes": [], "labels": []},
        {"name": "later_mood_prorated", "kind": "coded", "label": "Whether the mean of the answered items of mood stands for the others", "codes": ["1", "0"], "labels": ["yes", "no"]},
    ]},
    "long": {"key": ["id", "wave"], "columns": [
        {"name": "id", "kind": "text", "label": "Id of the person in this release", "codes": [], "labels": []},
        {"name": "wave", "kind": "word", "label": "Wave", "codes": ["baseline", "later"], "labels": ["Baseline", "Three months"]},
        {"name": "arm", "kind": "word", "label": "Arm of the study", "codes": ["new", "usual"], "labels": ["New", "Usual"]},
        {"name": "about_age", "kind": "band", "label": "How old are you?", "codes": ["16 to 39", "40 to 64", "65 and over"], "labels": ["16 to 39", "40 to 64", "65 and over"]},
        {"name": "disposition", "kind": "word", "label": "What came of the wave", "codes": ["not-yet-due", "pending", "complete", "partial", "break-off", "refusal", "non-contact", "other-eligible", "unknown-eligibility", "ineligible"], "labels": ["Not yet due", "Pending", "Complete", "Partial", "Break-off", "Refused", "Non-contact", "Other eligible", "Eligibility unknown", "Ineligible"]},
        {"name": "due", "kind": "number", "label": "Day on which the wave was due, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "opens", "kind": "number", "label": "First day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "closes", "kind": "number", "label": "Last day of its window, in days since the person's baseline", "codes": [], "labels": []},
        {"name": "mode", "kind": "word", "label": "How the answers were collected", "codes": ["web", "kiosk", "paper", "telephone", "bulk"], "labels": ["the participant's own device", "a shared tablet", "entered from paper", "read out and entered by an interviewer", "from a file or another system"]},
        {"name": "day", "kind": "number", "label": "Day of the answers, in days since the person's baseline; empty where it is not known", "codes": [], "labels": []},
        {"name": "mood_1", "kind": "coded", "label": "How often is statement 1 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "mood_2", "kind": "coded", "label": "How often is statement 2 true of you today?", "codes": ["1", "2", "3", "4", "5"], "labels": ["Never", "Rarely", "Sometimes", "Often", "Always"]},
        {"name": "mood", "kind": "number", "label": "Mood (higher-better); no score where a proxy gave any of its answers", "codes": [], "labels": []},
        {"name": "mood_answered", "kind": "number", "label": "Items of mood that were answered", "codes": [], "labels": []},
        {"name": "mood_prorated", "kind": "coded", "label": "Whether the mean of the answered items of mood stands for the others", "codes": ["1", "0"], "labels": ["yes", "no"]},
    ]},
}
