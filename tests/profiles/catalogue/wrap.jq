# wrap.jq - members before the rows' and behind them.
{about: .register.name, at, items: [], languages: (.lang // .register.languages), version: 1}
