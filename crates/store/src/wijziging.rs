//! Wijzigingen die de database maar één keer hoeft te ontleden.
//!
//! Diesel laat een `UPDATE` bij iedere aanroep opnieuw voorbereiden, omdat een wijziging met weggelaten velden telkens een
//! andere tekst kan hebben. Bij PostgreSQL is dat een tweede rondgang, met ontleden en plannen erbij. Onze wijzigingen zetten
//! altijd dezelfde kolommen: hun tekst is vast, en mag in de voorraad voorbereide opdrachten van de verbinding.

use diesel::backend::Backend;
use diesel::query_builder::{AsChangeset, AstPass, IntoUpdateTarget, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::{Connection, QuerySource, RunQueryDsl};

/// Een `UPDATE` met een vaste tekst.
pub(crate) struct Wijziging<F, U, V> {
    tabel: F,
    waar: U,
    waarden: V,
}

/// Wijzigt de rijen van `doel`, als `diesel::update`. Alleen voor wijzigingen met een vaste tekst: iedere tekst blijft op
/// iedere verbinding staan.
pub(crate) fn wijzig<D, V>(doel: D, waarden: V) -> Wijziging<<D::Table as QuerySource>::FromClause, D::WhereClause, V::Changeset>
where
    D: IntoUpdateTarget,
    V: AsChangeset<Target = D::Table>,
{
    let doel = doel.into_update_target();
    Wijziging { tabel: doel.table.from_clause(), waar: doel.where_clause, waarden: waarden.as_changeset() }
}

impl<F, U, V> QueryId for Wijziging<F, U, V> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<F, U, V, DB> QueryFragment<DB> for Wijziging<F, U, V>
where
    DB: Backend,
    F: QueryFragment<DB>,
    U: QueryFragment<DB>,
    V: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut uit: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        uit.push_sql("UPDATE ");
        self.tabel.walk_ast(uit.reborrow())?;
        uit.push_sql(" SET ");
        self.waarden.walk_ast(uit.reborrow())?;
        self.waar.walk_ast(uit)
    }
}

impl<F, U, V, C: Connection> RunQueryDsl<C> for Wijziging<F, U, V> {}
