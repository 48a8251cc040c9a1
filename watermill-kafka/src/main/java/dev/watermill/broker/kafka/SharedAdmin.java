package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The administrative client of a cluster. All who ask something share one, since a lane
 * asks a dozen questions when it starts, and lanes are many; it is closed a moment after
 * the last of them. Thread-safe.
 */
final class SharedAdmin {

	/** How long a client is kept that nobody uses. */
	private static final Duration IDLE = Duration.ofSeconds(3);

	private final Supplier<Admin> clients;

	private @Nullable Open current;

	SharedAdmin(Supplier<Admin> clients) {
		this.clients = clients;
	}

	/**
	 * Use the client.
	 * @return the use, to be closed by the caller
	 */
	synchronized Use use() {
		Open open = this.current;
		if (open == null) {
			open = new Open(this.clients.get());
			this.current = open;
		}
		open.users++;
		return new Use(open);
	}

	private synchronized void forget(Open open) {
		if (this.current == open) {
			this.current = null;
		}
	}

	private synchronized void release(Open open) {
		if (--open.users > 0) {
			return;
		}
		if (this.current != open) {
			open.client.close(Duration.ZERO);
			return;
		}
		open.idleSince = System.nanoTime();
		if (!open.watched) {
			watch(open, IDLE.toNanos());
		}
	}

	private void watch(Open open, long nanos) {
		open.watched = true;
		CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(() -> closeIdle(open));
	}

	private synchronized void closeIdle(Open open) {
		open.watched = false;
		if (open.users > 0 || this.current != open) {
			return;
		}
		long left = IDLE.toNanos() - (System.nanoTime() - open.idleSince);
		if (left > 0) {
			watch(open, left);
			return;
		}
		this.current = null;
		open.client.close(Duration.ZERO);
	}

	/**
	 * A client with those who use it.
	 */
	private static final class Open {

		private final Admin client;

		private int users;

		private long idleSince;

		/** Whether somebody is going to see whether it is idle. */
		private boolean watched;

		Open(Admin client) {
			this.client = client;
		}

	}

	/**
	 * One who uses the client. Used by one thread.
	 */
	final class Use implements AutoCloseable {

		private final Open open;

		private boolean closed;

		private Use(Open open) {
			this.open = open;
		}

		Admin client() {
			return this.open.client;
		}

		/**
		 * Let whoever asks next have another client, since this one gets no answers.
		 */
		void distrust() {
			forget(this.open);
		}

		@Override
		public void close() {
			if (!this.closed) {
				this.closed = true;
				release(this.open);
			}
		}

	}

}
