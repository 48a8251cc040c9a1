package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

	/**
	 * Let a reader take each of some chunks as it comes.
	 */
	private void takeNew(int chunks) throws InterruptedException {
		for (int i = 0; i < chunks; i++) {
			append();
			take(this.place);
		}
	}

	@Test
	void fetchesMoreForALaneThatWorks() throws InterruptedException {
		assertThat(this.place.next(Duration.ZERO)).isNull();
		assertThat(fill(this.place)).isEqualTo(CHUNK);
		take(this.place);
		assertThat(fill(this.place)).as("a lane that waits for its turn with what it has").isEqualTo(CHUNK);
		take(this.place);
		assertThat(fill(this.place)).isEqualTo(EACH);
		take(this.place);
		assertThat(fill(this.place)).isEqualTo(EACH);
	}

	@Test
	void fetchesMoreForALaneThatWorksFasterThanItIsFetched() throws InterruptedException {
		assertThat(this.place.next(Duration.ZERO)).isNull();
		for (int i = 0; i < 3; i++) {
			append();
			take(this.place);
			assertThat(this.place.next(Duration.ZERO)).isNull();
		}
		append();
		take(this.place);
		assertThat(fill(this.place)).isEqualTo(EACH);
	}

	@Test
	void fetchesLittleForALaneThatHasCommitted() throws InterruptedException {
		assertThat(this.place.next(Duration.ZERO)).isNull();
		takeNew(3);
		assertThat(this.feed.isFull()).isFalse();
		this.place.committed(0);
		assertThat(fill(this.place)).isEqualTo(CHUNK);
	}

	@Test
	void pausesWhenALaneCommitsThatHasEnoughToBegin() throws InterruptedException {
		assertThat(this.place.next(Duration.ZERO)).isNull();
		takeNew(2);
		append();
		append();
		assertThat(this.feed.isFull()).isFalse();
		this.place.committed(0);
		assertThat(this.feed.isFull()).isTrue();
	}

	@Test
	void fetchesOnForALaneThatWaits() throws Exception {
		assertThat(this.place.next(Duration.ZERO)).isNull();
		FutureTask<TopicChunk> next = new FutureTask<>(() -> this.place.next(Duration.ofMinutes(1)));
		Thread waiting = new Thread(next);
		waiting.start();
		await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
		this.fetch.lock.lock();
		try {
			append();
			append();
			assertThat(this.feed.isFull()).isFalse();
		}
		finally {
			this.fetch.lock.unlock();
		}
		assertThat(next.get(1, TimeUnit.MINUTES)).isNotNull();
		// it has taken one, and may not work
		assertThat(this.feed.isFull()).isTrue();
	}

	@Test
	void countsFromWhoeverIsFirst() throws InterruptedException {
		FeedPlace behind = place();
		assertThat(this.place.next(Duration.ZERO)).isNull();
		fill(this.place);
		take(this.place);
		this.place.committed(0);
		assertThat(this.feed.isFull()).isFalse();
		assertThat(fill(this.place)).isEqualTo(CHUNK);
		assertThat(this.feed.last().totalElements() - behind.taken().totalElements()).isEqualTo(2 * CHUNK);
	}

	@Test
	void partsChunksThatAllReadersAreBeyond() throws InterruptedException {
		FeedPlace behind = place();
		assertThat(this.place.next(Duration.ZERO)).isNull();
		List<TopicChunk> chunks = new ArrayList<>(List.of(this.feed.last()));
		for (int i = 0; i < 3; i++) {
			append();
			chunks.add(this.feed.last());
			take(this.place);
		}
		assertThat(chunks).as("one is there still")
			.extracting(TopicChunk::next)
			.containsExactly(chunks.get(1), chunks.get(2), chunks.get(3), null);
		take(behind);
		take(behind);
		assertThat(chunks).extracting(TopicChunk::next).containsExactly(null, null, chunks.get(3), null);
		behind.leave();
		assertThat(chunks).extracting(TopicChunk::next).containsOnlyNulls();
		append();
		assertThat(this.place.next(Duration.ZERO)).isSameAs(this.feed.last());
	}

	/**
	 * A fetch whose thread is the test's.
	 */
	private static final class FewAndMany implements Fetch {

		private final ReentrantLock lock = new ReentrantLock();

		private final PartitionFeed feed = new PartitionFeed(this, FeedHandOverTests.TARGET, this.lock);

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
