//! Redis: a script in the server changes the account, so that nothing comes in between. Redis syncs its log once for all
//! requests that it finds on its connections at a time.

use crate::Result;
use crate::account::{Account, Deposit};
use crate::by_hand::Accounts;
use std::io::{Error, ErrorKind};
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot};

const CHANGE: &str = "
    local account = cjson.decode(redis.call('GET', KEYS[1]) or ARGV[2])
    local amount = tonumber(ARGV[1])
    account.last[account.changes % #account.last + 1].amount = amount
    account.balance = account.balance + amount
    account.changes = account.changes + 1
    redis.call('SET', KEYS[1], cjson.encode(account))
    return '{\"balance\":' .. account.balance .. ',\"changes\":' .. account.changes .. '}'";

type Answer = oneshot::Sender<Result<Vec<u8>>>;

/// One connection, on which requests do not wait for the answers to others.
#[derive(Clone)]
pub(crate) struct Redis {
    commands: mpsc::UnboundedSender<(Vec<u8>, Answer)>,
    /// The hash of the script, by which Redis knows it.
    script: Arc<str>,
    initial: Arc<str>,
}

impl Redis {
    pub(crate) async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        let (commands, taken) = mpsc::unbounded_channel();
        let (waiting, answered) = mpsc::unbounded_channel();
        tokio::spawn(send(writer, taken, waiting));
        tokio::spawn(receive(BufReader::new(reader), answered));
        let mut redis = Self {
            commands,
            script: Arc::from(""),
            initial: serde_json::to_string(&Account::default())?.into(),
        };
        let hash = redis.call(&["SCRIPT", "LOAD", CHANGE]).await?;
        redis.script = String::from_utf8(hash)?.into();
        Ok(redis)
    }

    async fn call(&self, command: &[&str]) -> Result<Vec<u8>> {
        let mut bytes = format!("*{}\r\n", command.len()).into_bytes();
        for part in command {
            bytes.extend(format!("${}\r\n{part}\r\n", part.len()).as_bytes());
        }
        let (answer, answered) = oneshot::channel();
        self.commands.send((bytes, answer))?;
        answered.await?
    }
}

impl Accounts for Redis {
    async fn deposit(&self, id: u64, deposit: Deposit) -> Result<Vec<u8>> {
        let (key, amount) = (format!("account:{id}"), deposit.amount.to_string());
        self.call(&["EVALSHA", &self.script, "1", &key, &amount, &self.initial])
            .await
    }
}

/// Sends commands; those that wait go out together.
async fn send(
    mut writer: OwnedWriteHalf,
    mut commands: mpsc::UnboundedReceiver<(Vec<u8>, Answer)>,
    waiting: mpsc::UnboundedSender<Answer>,
) -> Result<()> {
    let mut taken = Vec::new();
    while commands.recv_many(&mut taken, 1_000).await > 0 {
        let mut bytes = Vec::new();
        for (command, answer) in taken.drain(..) {
            bytes.extend(command);
            waiting.send(answer)?;
        }
        writer.write_all(&bytes).await?;
    }
    Ok(())
}

/// Gives the answers, which come in the order of the commands, to those who wait for them.
async fn receive(
    mut reader: BufReader<OwnedReadHalf>,
    mut waiting: mpsc::UnboundedReceiver<Answer>,
) -> Result<()> {
    while let Some(answer) = waiting.recv().await {
        // An error says that the client has gone.
        let _ = answer.send(read(&mut reader).await?);
    }
    Ok(())
}

/// A string, or Redis' error. `Err` is an error of the connection.
async fn read(reader: &mut BufReader<OwnedReadHalf>) -> Result<Result<Vec<u8>>> {
    let mut line = String::new();
    reader.read_line(&mut line).await?;
    let line = line.trim_end();
    let Some(length) = line.strip_prefix('$') else {
        return match line.strip_prefix('-') {
            Some(error) => Ok(Err(error.into())),
            None => Err(Error::new(ErrorKind::InvalidData, format!("Redis says {line:?}")).into()),
        };
    };
    let mut text = vec![0; length.parse::<usize>()? + 2];
    reader.read_exact(&mut text).await?;
    text.truncate(text.len() - 2);
    Ok(Ok(text))
}
