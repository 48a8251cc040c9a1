package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much is fetched of a partition: enough for its lane to begin, and more while it
 * works.
 */
class PartitionFeedTests {

	private static final int CHUNK = 10;

	private static final int EACH = 100;

	private final FewAndMany fetch = new FewAndMany();

	private final PartitionFeed feed = this.fetch.feed;

	private final FeedPlace place = place();

	private FeedPlace place() {
		FeedPlace joined = this.feed.join(new KafkaPosition(0, false, KafkaPosition.UNKNOWN, null));
		assertThat(joined).isNotNull();
		return joined;
	}

	private void append() {
		TopicChunk before = this.feed.last();
		TopicChunk chunk = new TopicChunk(this.feed.target().partition(), null, CHUNK, before.end(), before);
		for (int i = 0; i < CHUNK; i++) {
			ConsumerRecord<byte[], byte[]> message = new ConsumerRecord<>("t", 0, before.end() + i, null, new byte[1]);
			chunk.add(i, message, message);
		}
		this.feed.append(chunk);
	}

	/**
	 * Fetch until there is enough.
	 * @return how many elements there are that nobody has taken
	 */
	private long fill(FeedPlace of) {
		while (!this.feed.isFull()) {
			append();
		}
		return this.feed.last().totalElements() - of.taken().totalElements();
	}

	private void take(FeedPlace of) throws InterruptedException {
		assertThat(of.next(Duration.ofMinutes(1))).isNotNull();
	}

	@Test
	void fetchesMoreForALaneThatWorks() throws InterruptedException {
		assertThat(this.place.next(Duration.ZERO)).isNull();
		assertThat(fill(this.place)).isEqualTo(2 * CHUNK);
		take(this.place);
		assertThat(fill(this.place)).as("a lane that waits for its turn with what it has").isEqualTo(2 * CHUNK);
		take(this.place);
		assertThat(fill(this.place)).isEqualTo(EACH);
		take(this.place);
		assertThat(fill(this.place)).isEqualTo(EACH);
	}

	@Test
	void fetchesLittleAgainForALaneThatFoundNothing() throws InterruptedException {
		assertThat(this.place.next(Duration.ZERO)).isNull();
		for (int i = 0; i < 3; i++) {
			append();
			take(this.place);
		}
		assertThat(this.place.next(Duration.ZERO)).isNull();
		assertThat(fill(this.place)).isEqualTo(2 * CHUNK);
	}

	@Test
	void countsFromWhoeverIsFirst() throws InterruptedException {
		FeedPlace behind = place();
		assertThat(this.place.next(Duration.ZERO)).isNull();
		fill(this.place);
		take(this.place);
		take(this.place);
		assertThat(this.place.next(Duration.ZERO)).isNull();
		assertThat(this.feed.isFull()).isFalse();
		assertThat(fill(this.place)).isEqualTo(2 * CHUNK);
		assertThat(this.feed.last().totalElements() - behind.taken().totalElements()).isEqualTo(4 * CHUNK);
	}

	/**
	 * A fetch whose thread is the test's.
	 */
	private static final class FewAndMany implements Fetch {

		private final PartitionFeed feed = new PartitionFeed(this, FeedHandOverTests.TARGET, new ReentrantLock());

		@Override
		public void begin(PartitionFeed begun) {
		}

		@Override
		public void turned(PartitionFeed turned, boolean full) {
		}

		@Override
		public long elementsEach() {
			return EACH;
		}

		@Override
		public long elementsToBegin() {
			return CHUNK;
		}

		@Override
		public long bytesEach() {
			return Long.MAX_VALUE;
		}

		@Override
		public void leave(PartitionFeed left) {
		}

	}

}
