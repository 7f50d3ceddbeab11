-- Layer 9: who may do what.
-- What runs in the rights of its caller is open to every role: those rights are the limit, and DDL
-- anywhere in the database must find the event triggers' functions open. What writes the
-- extension's tables is open to the owner of the template alone, whom enable() names - but for
-- _follow_names(), _trust_owner(), _refresh_roles() and _reword(), which only note what the catalog
-- says, _template_recipe(), which notes what the snapshot says, and _privileges_differ(), which only
-- reads.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA boardinghouse FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA boardinghouse FROM PUBLIC;

GRANT USAGE ON SCHEMA boardinghouse TO PUBLIC;

GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA boardinghouse TO PUBLIC;
REVOKE EXECUTE ON FUNCTION
    boardinghouse._absorb(text[], boolean, name, text, text, jsonb),
    boardinghouse._forget_recipes(),
    boardinghouse._place(),
    boardinghouse._register(text, text),
    boardinghouse._take_snapshot(),
    boardinghouse._unregister(text)
    FROM PUBLIC;

GRANT SELECT ON ALL TABLES IN SCHEMA boardinghouse TO PUBLIC;
-- The statements of the journal can hold secrets.
REVOKE SELECT ON boardinghouse.change FROM PUBLIC;
GRANT SELECT (id, changed_at, is_deferred) ON boardinghouse.change TO PUBLIC;
