package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The fetches at work, so that other lanes of a node may join, and other nodes of a lane
 * that read the same topic. Of those that are alike there are a few: one more where nodes
 * are too far from each other. Thread-safe.
 */
final class SharedFetches {

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Key, List<TopicFetch>> open = new HashMap<>();

	/**
	 * Join a fetch that serves this reader, too, or make one.
	 */
	FeedPlace join(FetchTarget target, RecordDecoding decoding, KafkaPosition from) {
		this.lock.lock();
		try {
			List<TopicFetch> alike = this.open.computeIfAbsent(Key.of(target, decoding), (key) -> new ArrayList<>());
			for (TopicFetch fetch : alike) {
				FeedPlace place = fetch.join(target, from);
				if (place != null) {
					decoding.close();
					return place;
				}
			}
			TopicFetch own = new TopicFetch(target, decoding);
			alike.add(own);
			FeedPlace place = own.join(target, from);
			if (place == null) {
				throw new IllegalStateException("a new fetch takes anyone");
			}
			return place;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forget a fetch that ended.
	 */
	void forget(TopicFetch fetch) {
		this.lock.lock();
		try {
			this.open.values().removeIf((alike) -> alike.remove(fetch) && alike.isEmpty());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What readers have in common that share a fetch.
	 *
	 * @param lane the lane, if each lane reads the whole topic, else -1
	 * @param group the group whose offsets the consumer of the fetch commits, empty if it
	 * commits none
	 * @param letters what dead letters are read
	 * @param originals whether records are kept as they are
	 */
	private record Key(String mill, int lane, String topic, Object decoding, Map<String, Object> settings, String group,
			DeadLetters letters, boolean originals) {

		static Key of(FetchTarget target, RecordDecoding decoding) {
			// a node that commits its own offsets does so with its own consumer
			String group = target.covered() ? "" : target.group();
			int lane = target.topic().isReadWhole() ? target.lane().lane() : -1;
			return new Key(target.lane().mill(), lane, target.topic().name(), decoding.identity(),
					target.topic().clientSettings(), group, target.topic().deadLetters(), target.originals());
		}

	}

}
