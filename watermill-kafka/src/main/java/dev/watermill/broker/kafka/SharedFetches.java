package dev.watermill.broker.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The fetches at work, so that other lanes of a node may join, and other nodes of a lane
 * that read the same topic. Thread-safe.
 */
final class SharedFetches {

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Key, TopicFetch> open = new HashMap<>();

	/**
	 * Join a fetch that serves this reader, too, or make one.
	 */
	FeedPlace join(FetchTarget target, RecordDecoding decoding, KafkaPosition from) {
		// a node that commits its own offsets does so with its own consumer
		String group = target.covered() ? "" : target.group();
		Key key = new Key(target.lane().mill(), target.topic().name(), decoding.identity(),
				target.topic().clientSettings(), group);
		this.lock.lock();
		try {
			TopicFetch fetch = this.open.get(key);
			@Nullable FeedPlace place = (fetch != null) ? fetch.join(target, from) : null;
			if (place != null) {
				decoding.close();
				return place;
			}
			TopicFetch own = new TopicFetch(target, decoding);
			this.open.put(key, own);
			return first(own, target, from);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Make a fetch for one reader.
	 */
	static FeedPlace alone(FetchTarget target, RecordDecoding decoding, KafkaPosition from) {
		return first(new TopicFetch(target, decoding), target, from);
	}

	private static FeedPlace first(TopicFetch fetch, FetchTarget target, KafkaPosition from) {
		FeedPlace place = fetch.join(target, from);
		if (place == null) {
			throw new IllegalStateException("a new fetch takes anyone");
		}
		return place;
	}

	/**
	 * Forget a fetch that ended.
	 */
	void forget(TopicFetch fetch) {
		this.lock.lock();
		try {
			this.open.values().remove(fetch);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What readers have in common that share a fetch.
	 *
	 * @param group the group whose offsets the consumer of the fetch commits, empty if it
	 * commits none
	 */
	private record Key(String mill, String topic, Object decoding, Map<String, Object> settings, String group) {

	}

}
