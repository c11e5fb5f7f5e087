//! A cache is filled once by many who ask at once, and read without a lock afterwards.

use crate::store::sample::is_waiting;
use http::StatusCode;
use kr_runtime::prelude::*;
use kr_runtime::{LockError, SharedMap, UpdateError};
use kr_tests::stores::manual_store;
use kr_tests::{Client, serve};
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{Barrier, oneshot};
use tokio::time::sleep;

#[derive(Debug, Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "rate:{currency}")]
struct Rate(u32);

#[derive(Host)]
struct Shop {
    rates: SharedMap<String, Rate>,
    #[host(skip)]
    asked: AtomicU32,
}

fn shop() -> Arc<Shop> {
    Arc::new(Shop {
        rates: SharedMap::new(),
        asked: AtomicU32::new(0),
    })
}

fn usd() -> String {
    "usd".into()
}

impl Shop {
    /// Each call has another result.
    async fn ask(&self) -> Result<Rate, UpdateError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        sleep(Duration::from_millis(20)).await;
        Ok(Rate(number))
    }

    async fn rate(&self, currency: &str) -> Result<u32, UpdateError> {
        let key = currency.to_owned();
        let rate = self.rates.get_or_try_init(&key, async || self.ask().await);
        Ok(rate.await?.0)
    }
}

#[kr_route(get, "/rates/{currency}")]
async fn rate(host: &Shop, currency: String) -> Result<Json<u32>, Problem> {
    Ok(Json(host.rate(&currency).await?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_ask_at_once_one_fills_it() {
    let shop = shop();
    let start = Arc::new(Barrier::new(30));
    let asking = (0..30).map(|number| {
        let (shop, start) = (Arc::clone(&shop), Arc::clone(&start));
        tokio::spawn(async move {
            start.wait().await;
            let currency = ["usd", "eur", "chf"][number % 3];
            (currency, shop.rate(currency).await.unwrap())
        })
    });
    let mut seen = Vec::new();
    for one in asking.collect::<Vec<_>>() {
        seen.push(one.await.unwrap());
    }
    seen.sort_unstable();
    seen.dedup();
    // One value for each key.
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(shop.asked.load(Ordering::SeqCst), 3);
    assert_eq!(shop.rates.read(&usd()).await.unwrap().revision(), 1);
}

#[tokio::test]
async fn requests_share_what_one_has_fetched() {
    let app = App::new(
        "Shop",
        Shop {
            rates: SharedMap::new(),
            asked: AtomicU32::new(0),
        },
    );
    let host = app.host();
    let address = serve(app.mount(routes![rate]).into_router().unwrap()).await;
    let requests = (0..10).map(|_| {
        tokio::spawn(async move { Client::connect(address).await.get("/rates/usd").await })
    });
    for request in requests.collect::<Vec<_>>() {
        let response = request.await.unwrap();
        assert_eq!(
            (response.status, response.text()),
            (StatusCode::OK, "1".into())
        );
    }
    assert_eq!(host.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_there_is_read_without_the_lock() {
    let shop = shop();
    assert_eq!(shop.rate("usd").await, Ok(1));
    let (held, release) = (oneshot::channel(), std::sync::mpsc::channel());
    let other = Arc::clone(&shop);
    let holder = std::thread::spawn(move || {
        other.rates.blocking_update(&usd(), |_| {
            held.0.send(()).unwrap();
            release.1.recv().unwrap();
        })
    });
    held.1.await.unwrap();
    assert_eq!(shop.rate("usd").await, Ok(1));
    // Another key has another lock.
    assert_eq!(shop.rate("eur").await, Ok(2));
    release.0.send(()).unwrap();
    holder.join().unwrap().unwrap();
}

#[tokio::test]
async fn an_error_is_not_stored() {
    let (shop, usd) = (shop(), &usd());
    let failed = shop
        .rates
        .get_or_try_init(usd, async || Err(UpdateError::Lock(LockError::EmptyKey)));
    assert!(failed.await.is_err());
    assert!(shop.rates.is_empty().await.unwrap());
    assert!(shop.rates.locks().is_empty());
    assert_eq!(shop.rate("usd").await, Ok(1));
}

#[tokio::test]
async fn who_is_cancelled_or_panics_leaves_it_to_the_next() {
    for panics in [false, true] {
        let shop = shop();
        let (started, filler) = (oneshot::channel(), Arc::clone(&shop));
        let filler = tokio::spawn(async move {
            let init = async || {
                started.0.send(()).unwrap();
                if panics {
                    sleep(Duration::from_millis(20)).await;
                    panic!("on purpose");
                }
                pending::<Result<Rate, UpdateError>>().await
            };
            filler
                .rates
                .get_or_try_init(&self::usd(), init)
                .await
                .map(drop)
        });
        started.1.await.unwrap();
        let waiter = Arc::clone(&shop);
        let waiter = tokio::spawn(async move { waiter.rate("usd").await });
        sleep(Duration::from_millis(10)).await;
        if !panics {
            assert_eq!(shop.asked.load(Ordering::SeqCst), 0);
            filler.abort();
        }
        assert!(filler.await.is_err());
        assert_eq!(waiter.await.unwrap(), Ok(1), "{panics}");
        assert_eq!(shop.rates.read(&usd()).await.unwrap().revision(), 1);
    }
}

#[tokio::test]
async fn asking_for_its_own_lock_is_an_error_at_once() {
    let (shop, usd) = (shop(), &usd());
    let inside = shop.rates.get_or_try_init(usd, async || {
        shop.rates.update(usd, |rate| rate.0 += 1).await?;
        Ok::<_, UpdateError>(Rate(1))
    });
    let error = inside.await.unwrap_err();
    assert!(
        matches!(error, UpdateError::Lock(LockError::Reentrant { .. })),
        "{error}"
    );
    assert!(shop.rates.is_empty().await.unwrap());
}

/// A value that a crash could take back is nobody's answer.
#[tokio::test]
async fn it_is_returned_when_it_is_durable() {
    let shop = shop();
    let app = App::new(
        "Shop",
        Shop {
            rates: shop.rates.clone(),
            asked: AtomicU32::new(0),
        },
    );
    let (store, mut control) = manual_store();
    let _router = app.store(store).into_router().unwrap();
    let mut first = pin!(shop.rate("usd"));
    assert!(is_waiting(first.as_mut()).await);
    sleep(Duration::from_millis(40)).await;
    assert!(is_waiting(first.as_mut()).await);
    control.next_batch().await;
    let mut second = pin!(shop.rate("usd"));
    assert!(is_waiting(second.as_mut()).await);
    control.keep();
    assert_eq!(first.await, Ok(1));
    assert_eq!(second.await, Ok(1));
}
