package dev.watermill.broker.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.LaneId;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The fetches that have not begun yet, so that another node of the same lane that reads
 * the same topic may join. Thread-safe.
 */
final class SharedFetches {

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Key, TopicFetch> open = new HashMap<>();

	/**
	 * Join a fetch that serves this node, too, or make one.
	 */
	Membership join(FetchTarget target, RecordDecoding decoding, KafkaPosition from) {
		// a node that commits its own offsets does so with its own consumer
		if (!target.covered()) {
			return alone(target, decoding, from);
		}
		Key key = new Key(target.lane(), target.partition(), decoding.identity(), target.topic().clientSettings());
		this.lock.lock();
		try {
			TopicFetch fetch = this.open.get(key);
			TopicFetch.@Nullable Place place = (fetch != null) ? fetch.join(from) : null;
			if (fetch != null && place != null) {
				decoding.close();
				return new Membership(fetch, place);
			}
			Membership membership = alone(target, decoding, from);
			this.open.put(key, membership.fetch());
			return membership;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Make a fetch for one reader.
	 */
	static Membership alone(FetchTarget target, RecordDecoding decoding, KafkaPosition from) {
		TopicFetch fetch = new TopicFetch(target, decoding);
		TopicFetch.Place place = fetch.join(from);
		if (place == null) {
			throw new IllegalStateException("a new fetch takes anyone");
		}
		return new Membership(fetch, place);
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
	 * A reader's place in a fetch.
	 *
	 * @param fetch the fetch
	 * @param place the place
	 */
	record Membership(TopicFetch fetch, TopicFetch.Place place) {

	}

	private record Key(LaneId lane, TopicPartition partition, Object decoding, Map<String, Object> settings) {

	}

}
