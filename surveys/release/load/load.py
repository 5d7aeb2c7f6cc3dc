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


