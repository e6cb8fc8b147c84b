//! Where transactions begin.

use super::constraints;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};

/// BEGIN, on a connection that lives: whoever restarts the database ends those that the pool keeps, which shows when they
/// are used. Nothing was done on them yet, so that others take their place.
///
/// To be called in a task of its own: if the caller is cancelled meanwhile, what was begun still comes to its end. A
/// cancelled BEGIN would put a connection back into the pool inside a transaction (sqlx 0.9.0).
///
/// # Errors
/// The database cannot be reached.
pub(super) async fn begin(pool: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let mut kept = pool.get_postgres_connection_pool().size();
    loop {
        match pool.begin().await {
            Err(error) if kept > 0 && constraints::is_gone(&error) => kept -= 1,
            begun => return begun,
        }
    }
}
