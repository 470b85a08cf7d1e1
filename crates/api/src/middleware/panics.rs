//! Een paniek in een handler is een fout van ons, en nooit een verbroken verbinding voor de aanroeper.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// De uitkomst, of niets als het in paniek eindigde; de paniek zelf staat al in het logboek.
pub(crate) async fn caught<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Some),
        Err(_) => {
            tracing::error!("paniek in een handler");
            Poll::Ready(None)
        }
    })
    .await
}
