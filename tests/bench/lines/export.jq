# export.jq - the whole record beside what the register says of it.
{row: {slug: .system.slug, state: .system.state, record}, lost: []}
