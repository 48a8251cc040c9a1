package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic forward from a position. What is fetched it only takes; it is this class
 * that knows what a mark means to its node.
 *
 * @param <T> the type of the elements
 */
final class TopicReader<T> implements StreamReader<T> {

	private static final Logger logger = LoggerFactory.getLogger(TopicReader.class);

	private final FetchTarget target;

	private final Supplier<RecordDecoding> decoding;

	private volatile FeedPlace place;

	/** Where reading goes on. */
	private volatile KafkaPosition at;

	/** Where the mark stands behind which nothing is read. */
	private @Nullable KafkaPosition mark;

	/** Whether an order of its own begins behind the last batch. */
	private boolean segmentStart;

	/** How many records were gone before they could be read. */
	private long lost;

	/** How many elements were dropped since the last batch. */
	private long dropped;

	TopicReader(FetchTarget target, Supplier<RecordDecoding> decoding, KafkaPosition from) {
		this.target = target;
		this.decoding = decoding;
		this.at = from;
		this.place = target.connection().fetches().join(target, decoding.get(), from);
	}

	@Override
	public Batch<T> read(Duration timeout) throws InterruptedException {
		if (this.mark != null) {
			return empty(Batch.Status.ENDED);
		}
		try {
			return readOn(timeout);
		}
		catch (DataLossException ex) {
			if (this.target.topic().onDataLoss() == OnDataLoss.FAIL) {
				throw ex;
			}
			goOnWithout(ex);
			return empty(Batch.Status.OPEN);
		}
	}

	private Batch<T> readOn(Duration timeout) throws InterruptedException {
		Duration wait = timeout;
		while (true) {
			TopicChunk chunk = this.place.next(wait);
			if (chunk == null) {
				if (this.place.isHeldUp()) {
					readApart();
				}
				return empty(
						this.place.end().isCaughtUp(this.at.offset()) ? Batch.Status.CAUGHT_UP : Batch.Status.OPEN);
			}
			TopicBatch<T> batch = batch(chunk);
			if (batch.size() > 0 || batch.status() == Batch.Status.ENDED) {
				this.dropped = 0;
				return batch;
			}
			wait = Duration.ZERO;
		}
	}

	/**
	 * Leave a fetch that waits for another reader, which is too far behind.
	 */
	private void readApart() {
		FeedPlace former = this.place;
		this.place = join();
		former.leave();
	}

	private FeedPlace join() {
		return this.target.connection().fetches().join(this.target, this.decoding.get(), this.at);
	}

	/**
	 * Go on where there is something to read, as the user wants it.
	 */
	private void goOnWithout(DataLossException problem) {
		KafkaPosition next = problem.resume(this.at);
		if (!next.equals(this.at)) {
			logger.warn("{}", problem.loss());
			this.segmentStart |= problem.isAnew();
			this.lost += problem.isAnew() ? remaining().orElse(0) : Math.abs(next.offset() - this.at.offset());
			this.at = next;
		}
		this.place.leave();
		this.place = join();
	}

	private TopicBatch<T> batch(TopicChunk chunk) {
		boolean owing = this.at.owing();
		int from = chunk.indexOf(this.at.offset());
		boolean drops = owing && this.target.topic().alignSegments();
		this.dropped += drops ? chunk.size() - from : 0;
		boolean marked = chunk.hasMark() && chunk.markOffset() >= this.at.offset();
		boolean passed = marked && owing;
		boolean ended = marked && !owing;
		// before a mark that is passed over reading goes on at the mark, so that the
		// order begins anew then, too
		KafkaPosition end = passed ? chunk.markPosition(true) : chunk.endPosition(owing);
		this.mark = ended ? chunk.markPosition(false) : null;
		TopicBatch<T> batch = new TopicBatch<>(this.target, chunk, drops ? chunk.size() : from, end, this.mark, owing,
				ended ? Batch.Status.ENDED : Batch.Status.OPEN, this.segmentStart, this.dropped);
		if (batch.size() > 0) {
			this.segmentStart = false;
		}
		this.segmentStart |= passed;
		this.at = ((chunk.end() >= this.at.offset()) ? chunk.endPosition(owing) : this.at).withOwing(owing && !passed);
		return batch;
	}

	private Batch<T> empty(Batch.Status status) {
		TopicChunk nothing = new TopicChunk(this.target.partition(), null, 0, this.at.offset(), null);
		boolean start = this.segmentStart;
		this.segmentStart = false;
		long before = this.dropped;
		this.dropped = 0;
		return new TopicBatch<>(this.target, nothing, 0, this.at, this.mark, this.at.owing(), status, start, before);
	}

	@Override
	public void verify() {
		try {
			this.place.verify();
		}
		catch (DataLossException ex) {
			if (this.target.topic().onDataLoss() == OnDataLoss.FAIL) {
				throw ex;
			}
			// it goes on where it is read
		}
	}

	@Override
	public void wakeUp() {
		this.place.wakeUp();
	}

	@Override
	public OptionalLong remaining() {
		long end = this.place.end().known();
		return (end >= 0) ? OptionalLong.of(Math.max(0, end - this.at.offset())) : OptionalLong.empty();
	}

	@Override
	public long lost() {
		return this.lost;
	}

	@Override
	public OptionalDouble progress(Position position) {
		return this.place.end().progress(KafkaPosition.of(position, this.target.topic()).offset());
	}

	@Override
	public void committed(Position position) {
		this.place.committed(KafkaPosition.of(position, this.target.topic()).offset());
	}

	@Override
	public void close() {
		this.place.leave();
	}

}
