//! What all of the programs keep.

use serde::{Deserialize, Serialize};

/// About one kilobyte of JSON.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    owner: String,
    balance: i64,
    changes: u64,
    /// The last changes; a new one takes the place of the oldest.
    last: Vec<Change>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Change {
    amount: i64,
    text: String,
}

/// What a request says.
#[derive(Deserialize)]
pub(crate) struct Deposit {
    pub(crate) amount: i64,
}

/// What it is answered with.
#[derive(Serialize)]
pub(crate) struct Balance {
    balance: i64,
    changes: u64,
}

const CHANGES: usize = 10;

impl Default for Account {
    fn default() -> Self {
        let change = |number| Change {
            amount: 0,
            text: format!(
                "change {number:02}: paid in at the counter, with a receipt for the owner"
            ),
        };
        Self {
            owner: "Somebody with a name of ordinary length".to_owned(),
            balance: 0,
            changes: 0,
            last: (0..CHANGES).map(change).collect(),
        }
    }
}

impl Account {
    /// The small change that every request makes.
    pub(crate) fn deposit(&mut self, deposit: &Deposit) -> Balance {
        let oldest = self.changes % CHANGES as u64;
        self.last[oldest as usize].amount = deposit.amount;
        self.balance += deposit.amount;
        self.changes += 1;
        Balance {
            balance: self.balance,
            changes: self.changes,
        }
    }
}

/// What a program that is written by hand does with a row: reads it, changes it, and writes it again.
pub(crate) fn change_row(
    row: Option<&[u8]>,
    deposit: &Deposit,
) -> serde_json::Result<(Vec<u8>, Balance)> {
    let mut account: Account = match row {
        Some(row) => serde_json::from_slice(row)?,
        None => Account::default(),
    };
    let balance = account.deposit(deposit);
    Ok((serde_json::to_vec(&account)?, balance))
}
