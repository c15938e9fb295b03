# map.jq - the rows are ours already (bench.py makes them): only the members' names differ.
{id: .key, key, slug_hint: .slug, department, record, dropped: []}
