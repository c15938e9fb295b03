# export.jq - a system with its whole record.
{row: {system, record, judgement, from: .register.origin}, lost: []}
