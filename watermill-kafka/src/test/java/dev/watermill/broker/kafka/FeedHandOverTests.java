package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * How chunks change hands from the thread that fetches to those who read, in many of the
 * orders in which their steps may be interleaved.
 */
class FeedHandOverTests {

	private static final int ORDERS = Integer.getInteger("handover.orders", 20);

	private static final int CHUNKS = 3;

	private static final KafkaTopic TOPIC = KafkaTopic.of(Cluster.topic("in", Integer.class, "topic"));

	private static final LaneId LANE = new LaneId("mill", 0);

	/** Nothing is ever asked of it. */
	static final FetchTarget TARGET = new FetchTarget(new KafkaConnection(KafkaClients.of(Map.of()), "prefix", false),
			LANE, TOPIC, TOPIC.read(LANE), 1, true, "", false);

	private static Thread start(Work work) {
		Thread thread = new Thread(() -> run(work));
		thread.start();
		return thread;
	}

	private static void run(Work work) {
		try {
			work.run();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void check(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalStateException(otherwise);
		}
	}

	private static void fill(PartitionFeed feed) {
		for (int i = 1; i <= CHUNKS; i++) {
			TopicChunk before = feed.last();
			TopicChunk chunk = new TopicChunk(TOPIC.read(LANE), null, 0, before.end(), before);
			chunk.endAt(i, KafkaPosition.UNKNOWN);
			feed.append(chunk);
		}
	}

	private static void takeAll(FeedPlace place) throws InterruptedException {
		for (int i = 1; i <= CHUNKS; i++) {
			TopicChunk chunk = place.next(Duration.ofDays(1));
			check(chunk != null && chunk.end() == i, "a chunk was lost, or came twice");
		}
	}

	@Test
	void bothSidesOfASelfJoinTakeEachChunkOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			TestFetch fetch = new TestFetch();
			FeedPlace left = fetch.place();
			FeedPlace right = fetch.place();
			run(() -> left.next(Duration.ZERO));
			Thread filling = start(() -> fill(fetch.feed));
			Thread other = start(() -> takeAll(right));
			run(() -> {
				takeAll(left);
				filling.join();
				other.join();
			});
		});
	}

	@Test
	void aFailureComesBehindWhatWasFetched() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			TestFetch fetch = new TestFetch();
			FeedPlace place = fetch.place();
			run(() -> place.next(Duration.ZERO));
			Thread filling = start(() -> {
				fill(fetch.feed);
				fetch.feed.end(new BrokerException("gone"));
			});
			run(() -> {
				takeAll(place);
				boolean failed = false;
				try {
					place.next(Duration.ofDays(1));
				}
				catch (BrokerException ex) {
					failed = true;
				}
				check(failed, "nobody heard of the failure");
				filling.join();
			});
		});
	}

	@Test
	void onlyTheLastOneWhoLeavesEndsTheFeed() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			TestFetch fetch = new TestFetch();
			FeedPlace left = fetch.place();
			FeedPlace right = fetch.place();
			run(() -> left.next(Duration.ZERO));
			Thread filling = start(() -> {
				fill(fetch.feed);
				if (fetch.feed.state() == PartitionFeed.State.LEFT) {
					fetch.feed.end(null);
				}
			});
			Thread other = start(right::leave);
			left.leave();
			run(() -> {
				filling.join();
				other.join();
			});
			check(fetch.left == 1, "left " + fetch.left + " times");
			check(fetch.feed.isLeft(), "nobody sees that it was left");
		});
	}

	private interface Work {

		void run() throws InterruptedException;

	}

	/**
	 * A fetch whose thread is the test's.
	 */
	private static final class TestFetch implements Fetch {

		private final PartitionFeed feed = new PartitionFeed(this, TARGET, new ReentrantLock());

		private int left;

		FeedPlace place() {
			FeedPlace place = this.feed.join(new KafkaPosition(0, false, KafkaPosition.UNKNOWN, null));
			check(place != null, "a feed that is not read takes anyone");
			return place;
		}

		@Override
		public void begin(PartitionFeed feed) {
		}

		@Override
		public void turned(PartitionFeed feed, boolean full) {
		}

		@Override
		public long elementsToBegin() {
			return 2;
		}

		@Override
		public long elementsEach() {
			return 100;
		}

		@Override
		public long bytesEach() {
			return 100;
		}

		@Override
		public void leave(PartitionFeed feed) {
			this.left++;
		}

	}

}
