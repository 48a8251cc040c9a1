package dev.watermill.join;

import java.time.Duration;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.key.KeyText;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the next element of a stream. Moving on within a page costs an addition;
 * only a new page asks the broker, and only there the merge waits.
 */
final class Cursor implements AutoCloseable {

	private final JoinNode node;

	private final Acceptance acceptance;

	private final InputCounters counters;

	private final Waiting waiting;

	private @Nullable StreamReader<?> reader;

	Page page;

	int index;

	/** How many elements of the page are in the counter. */
	private int counted;

	Cursor(JoinNode node, Acceptance acceptance, InputCounters counters, Waiting waiting,
			Checkpoint.@Nullable Input from) {
		this.node = node;
		this.acceptance = acceptance;
		this.counters = counters;
		this.waiting = waiting;
		@Nullable Object[] lastKeys = acceptance.noKeys();
		if (from != null) {
			for (int i = 0; i < Math.min(lastKeys.length, from.lastKeys().size()); i++) {
				lastKeys[i] = KeyText.parse(from.lastKeys().get(i));
			}
		}
		Position position = (from != null && !from.position().equals(Position.empty())) ? from.position() : null;
		this.page = new Page(position, lastKeys);
	}

	/**
	 * Whether there is an element, after waiting for it as long as it takes.
	 * @return {@code false} if the stream is over
	 * @throws StreamException if there is one that stops the mill
	 */
	boolean hasNext() {
		return this.index < this.page.size || turn();
	}

	Object element() {
		return this.page.elements[this.index];
	}

	void advance() {
		this.index++;
	}

	/**
	 * Bring the count of elements read up to date, which is not done for each of them.
	 */
	void count() {
		this.counters.read().add(this.index - this.counted);
		this.counted = this.index;
	}

	/**
	 * Whether the stream is known to be over, after asking the broker once without
	 * waiting if nothing else is known.
	 */
	boolean isOver() {
		if (this.index < this.page.size || this.page.failure != null) {
			return false;
		}
		if (!this.page.ended) {
			this.waiting.turning(this.page.isRead());
			take(read(Duration.ZERO));
		}
		return isKnownOver();
	}

	boolean isAtHand() {
		return this.index < this.page.size;
	}

	/**
	 * The least key that the current element or any later one can have.
	 * @param column the column of the key
	 * @return the key, {@code null} if it is not known yet
	 */
	@Nullable Object leastKey(int column) {
		return isAtHand() ? this.page.keys[column].get(this.index) : this.page.keysBefore(this.page.size)[column];
	}

	/**
	 * Whether the stream is known to be over without asking.
	 */
	boolean isKnownOver() {
		return this.index == this.page.size && this.page.ended;
	}

	@Nullable StreamReader<?> reader() {
		return this.reader;
	}

	private boolean turn() {
		while (this.index == this.page.size) {
			if (this.page.failure != null) {
				throw this.page.failure;
			}
			if (this.page.ended) {
				return false;
			}
			this.waiting.turning(this.page.isRead());
			take(read(Duration.ZERO));
			if (this.page.isRead() || this.page.ended) {
				continue;
			}
			Duration wait = this.waiting.idle();
			// whoever was told may have looked at this stream, and so have read on
			if (!this.page.isRead() && !this.page.ended) {
				take(read(wait));
				if (!this.page.isRead() && !this.page.ended) {
					this.waiting.timedOut();
				}
			}
		}
		return true;
	}

	private void take(Batch<?> batch) {
		count();
		this.page = this.acceptance.accept(batch, this.page.keysBefore(this.page.size));
		this.index = 0;
		this.counted = 0;
	}

	private Batch<?> read(Duration timeout) {
		for (int attempt = 1;; attempt++) {
			try {
				if (this.reader == null) {
					this.reader = open(this.node.source());
				}
				Batch<?> batch = this.reader.read(timeout);
				if (attempt > 1) {
					this.waiting.available(this.node.stream());
				}
				return batch;
			}
			catch (BrokerUnavailableException ex) {
				close();
				this.waiting.unavailable(this.node.stream(), ex, attempt);
			}
			catch (BrokerException ex) {
				throw new StreamException(this.node.stream(), String.valueOf(ex.getMessage()), ex);
			}
			catch (InterruptedException ex) {
				// the driver sees the flag and decides; the merge just goes on waiting
				Thread.currentThread().interrupt();
				this.waiting.turning(false);
				throw new StreamException(this.node.stream(), "interrupted while it was read", ex);
			}
		}
	}

	private StreamReader<?> open(StreamSource<?> source) {
		return source.open(this.page.position(this.page.size));
	}

	@Override
	public void close() {
		if (this.reader != null) {
			this.reader.close();
			this.reader = null;
		}
	}

}
