//! Model packs: the manifest, roles and contracts.
