package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;
import dev.watermill.stream.Position;

/**
 * Reads a topic forward from a position. What is fetched it only takes; it is this class
 * that knows what a mark means to its node.
 *
 * @param <T> the type of the elements
 */
final class TopicReader<T> implements StreamReader<T> {

	private final FetchTarget target;

	private final Supplier<RecordDecoding> decoding;

	private SharedFetches.Membership membership;

	private long offset;

	/** Whether the next mark is passed over. */
	private boolean owing;

	/** Whether a mark was passed over since the last batch. */
	private boolean segmentStart;

	private boolean over;

	TopicReader(FetchTarget target, Supplier<RecordDecoding> decoding, KafkaPosition from) {
		this.target = target;
		this.decoding = decoding;
		this.offset = from.offset();
		this.owing = from.owing();
		this.membership = target.connection().fetches().join(target, decoding.get(), this.offset);
	}

	@Override
	public Batch<T> read(Duration timeout) throws InterruptedException {
		if (this.over) {
			return empty(Batch.Status.ENDED);
		}
		Duration wait = timeout;
		while (true) {
			TopicChunk chunk = this.membership.fetch().next(this.membership.place(), wait);
			if (chunk == null) {
				if (this.membership.fetch().isHeldUp(this.membership.place())) {
					readAlone();
				}
				return empty(
						this.membership.fetch().isCaughtUp(this.offset) ? Batch.Status.CAUGHT_UP : Batch.Status.OPEN);
			}
			TopicBatch<T> batch = batch(chunk);
			if (batch.size() > 0 || batch.status() == Batch.Status.ENDED) {
				return batch;
			}
			wait = Duration.ZERO;
		}
	}

	/**
	 * Leave a fetch that waits for another reader, which is too far behind.
	 */
	private void readAlone() {
		SharedFetches.Membership former = this.membership;
		this.membership = SharedFetches.alone(this.target, this.decoding.get(), this.offset);
		former.fetch().leave(former.place());
	}

	private TopicBatch<T> batch(TopicChunk chunk) {
		int from = chunk.indexOf(this.offset);
		boolean dropped = this.owing && this.target.topic().alignSegments();
		boolean marked = chunk.hasMark() && chunk.markOffset() >= this.offset;
		boolean passed = marked && this.owing;
		boolean ended = marked && !this.owing;
		// before a mark that is passed over reading goes on at the mark, so that the
		// order begins anew then, too
		KafkaPosition end = new KafkaPosition(passed ? chunk.markOffset() : chunk.end(), this.owing);
		TopicBatch<T> batch = new TopicBatch<>(chunk, dropped ? chunk.size() : from, end, this.owing,
				ended ? Batch.Status.ENDED : Batch.Status.OPEN, this.segmentStart);
		if (batch.size() > 0) {
			this.segmentStart = false;
		}
		if (passed) {
			this.owing = false;
			this.segmentStart = true;
		}
		this.offset = Math.max(this.offset, chunk.end());
		this.over = ended;
		return batch;
	}

	private Batch<T> empty(Batch.Status status) {
		TopicChunk nothing = new TopicChunk(this.target.partition(), 0, this.offset, null);
		boolean start = this.segmentStart;
		this.segmentStart = false;
		return new TopicBatch<>(nothing, 0, new KafkaPosition(this.offset, this.owing), this.owing, status, start);
	}

	@Override
	public OptionalLong remaining() {
		long end = this.membership.fetch().knownEnd();
		return (end >= 0) ? OptionalLong.of(Math.max(0, end - this.offset)) : OptionalLong.empty();
	}

	@Override
	public OptionalDouble progress(Position position) {
		return this.membership.fetch().progress(KafkaPosition.of(position, this.target.topic()).offset());
	}

	@Override
	public void committed(Position position) {
		this.membership.fetch().offsets().want(KafkaPosition.of(position, this.target.topic()).offset());
	}

	@Override
	public void close() {
		this.target.connection().fetches().forget(this.membership.fetch());
		this.membership.fetch().leave(this.membership.place());
	}

}
