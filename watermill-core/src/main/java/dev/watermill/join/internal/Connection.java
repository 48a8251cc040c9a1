package dev.watermill.join.internal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.join.JoinKind;
import dev.watermill.join.JoinNode;
import dev.watermill.stream.Position;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * The way to a stream's broker, which may be away: it is opened when it is needed, and
 * again where it was whenever the broker is back. Used by one thread, but for
 * {@link #remaining()}.
 */
final class Connection implements AutoCloseable {

	private final JoinNode node;

	private final LaneId lane;

	private final Arrivals arrivals;

	private final Waiting waiting;

	/** Where reading goes on when it is opened. */
	private final Supplier<@Nullable Position> from;

	/** What reads, while the stream is open. */
	private @Nullable StreamReader<?> open;

	/** How many elements it said are gone, as far as that was asked for. */
	private long lostBefore;

	/** How often the broker did not answer, since it last did. */
	private int unanswered;

	Connection(JoinNode node, LaneId lane, Arrivals arrivals, Waiting waiting, Supplier<@Nullable Position> from) {
		this.node = node;
		this.lane = lane;
		this.arrivals = arrivals;
		this.waiting = waiting;
		this.from = from;
	}

	/**
	 * Open the stream, after waiting for its broker as long as it takes.
	 */
	StreamReader<?> open() {
		while (true) {
			StreamReader<?> reader = this.open;
			if (reader != null) {
				return reader;
			}
			try {
				requireKept();
				this.open = this.arrivals.open(this.lane, this.from.get());
				this.lostBefore = 0;
			}
			catch (BrokerUnavailableException ex) {
				waitFor(ex);
			}
			catch (BrokerException ex) {
				throw failure(ex);
			}
		}
	}

	/**
	 * See that what is held for as long as it takes can be read again as long.
	 */
	private void requireKept() {
		if (!this.node.kind().holdsForEver()) {
			return;
		}
		StreamSource<?> source = this.node.source();
		Optional<String> retention = source.retention();
		if (retention.isPresent()) {
			throw new BrokerException(source.location() + " " + retention.get() + ", but the join holds its last "
					+ "element for each value of '" + by() + "', however old, and has to read it again after a "
					+ "restart. Give the join a tolerance that lies within what is kept, or keep the records.");
		}
	}

	private String by() {
		JoinKind.By by = this.node.kind().by();
		return (by != null) ? by.right().description() : "";
	}

	/**
	 * Read what comes next, after waiting for the broker as long as it takes.
	 * @param timeout how long to wait for the stream
	 */
	Batch<?> read(Duration timeout) {
		while (true) {
			try {
				return read(open(), timeout);
			}
			catch (BrokerUnavailableException ex) {
				close();
				waitFor(ex);
			}
			catch (BrokerException ex) {
				throw failure(ex);
			}
			catch (InterruptedException ex) {
				this.waiting.interrupted();
			}
		}
	}

	/**
	 * Read what is there, without waiting for anyone.
	 * @return what was read, {@code null} if the broker is away
	 * @throws BrokerException if the stream can't be read on
	 */
	@Nullable Batch<?> readAtOnce() {
		StreamReader<?> reader = this.open;
		if (reader == null) {
			return null;
		}
		try {
			return read(reader, Duration.ZERO);
		}
		catch (BrokerUnavailableException ex) {
			// it is waited for where there is nothing else to do
			close();
		}
		catch (InterruptedException ex) {
			this.waiting.interrupted();
		}
		return null;
	}

	private Batch<?> read(StreamReader<?> reader, Duration timeout) throws InterruptedException {
		Batch<?> batch = reader.read(timeout);
		// an empty batch alone does not show whether the broker is there
		if (this.unanswered > 0 && (batch.size() > 0 || batch.status() != Batch.Status.OPEN)) {
			this.unanswered = 0;
			this.waiting.available(this.node.stream());
		}
		return batch;
	}

	/**
	 * How many elements turned out to be gone, since this was asked last.
	 */
	long lost() {
		StreamReader<?> reader = this.open;
		if (reader == null) {
			return 0;
		}
		long lost = reader.lost() - this.lostBefore;
		this.lostBefore += lost;
		return lost;
	}

	/**
	 * Whether the last read took elements in that have yet to come out.
	 */
	boolean hasTakenIn() {
		return this.open instanceof HoldingReader reader && reader.hasTakenIn();
	}

	/**
	 * Let go of what was read and held, since the stream counts as over.
	 */
	List<Batch<Object>> release() {
		return (this.open instanceof HoldingReader reader) ? reader.release() : List.of();
	}

	private void waitFor(BrokerUnavailableException problem) {
		this.unanswered++;
		this.waiting.unavailable(this.node.stream(), problem, this.unanswered);
	}

	/**
	 * What a stream that can't be read on ends the merge with.
	 */
	RuntimeException failure(BrokerException problem) {
		return failure(this.node.stream(), problem);
	}

	static RuntimeException failure(String stream, BrokerException problem) {
		return (problem instanceof MillTakenOverException) ? problem
				: new StreamException(stream, String.valueOf(problem.getMessage()), problem);
	}

	/**
	 * Fail if the broker found that it can't go on, though the stream is not waited for.
	 */
	void verify() {
		if (this.open != null) {
			try {
				this.open.verify();
			}
			catch (BrokerUnavailableException ex) {
				// it is waited for when the stream is read
			}
			catch (BrokerException ex) {
				throw failure(ex);
			}
		}
	}

	/**
	 * Let a read that waits return at once. Called by other threads.
	 */
	void wakeUp() {
		StreamReader<?> reader = this.open;
		if (reader != null) {
			reader.wakeUp();
		}
	}

	/**
	 * How many elements are known to stand behind what was read. Other threads may ask,
	 * too.
	 */
	OptionalLong remaining() {
		StreamReader<?> reader = this.open;
		return (reader != null) ? reader.remaining() : OptionalLong.empty();
	}

	OptionalDouble progress(Position position) {
		return (this.open != null) ? this.open.progress(position) : OptionalDouble.empty();
	}

	void committed(Position position) {
		if (this.open != null) {
			this.open.committed(position);
		}
	}

	@Override
	public void close() {
		if (this.open != null) {
			this.open.close();
			this.open = null;
		}
	}

}
