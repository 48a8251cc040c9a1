package dev.watermill.broker.kafka;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * What the thread of a fetch does: begin what is to be read, end what everybody left, let
 * pause what is full, poll, and hand over. What happens to one partition alone ends that
 * one only. Used by one thread.
 */
final class FetchLoop {

	private final TopicFetch fetch;

	private final RecordDecoding decoding;

	private final TopicGuard guard;

	private final PartitionsClient client;

	private final Map<PartitionFeed, PartitionSource> sources = new LinkedHashMap<>();

	FetchLoop(TopicFetch fetch, RecordDecoding decoding, TopicGuard guard, Consumer<byte[], byte[]> consumer) {
		this.fetch = fetch;
		this.decoding = decoding;
		this.guard = guard;
		this.client = new PartitionsClient(consumer);
	}

	/**
	 * Fetch until nobody reads any more.
	 */
	void run() throws InterruptedException {
		try {
			while (!this.fetch.isClosed()) {
				if (!this.client.isAhead()) {
					this.fetch.feeds().forEach(this::arrange);
				}
				this.sources.keySet().forEach((feed) -> feed.offsets().commit(this.client.consumer()));
				Set<PartitionFeed> full = this.fetch.awaitRoom(this.sources.keySet());
				if (full.size() == this.sources.size()) {
					this.sources.values().forEach(PartitionSource::peekEnd);
				}
				else {
					poll(full);
				}
			}
		}
		catch (WakeupException ex) {
			// closed
		}
		this.sources.keySet().forEach((feed) -> feed.offsets().commitLast(this.client.consumer()));
	}

	private void arrange(PartitionFeed feed) {
		PartitionSource source = this.sources.get(feed);
		switch (feed.state()) {
			case READ -> {
				if (source == null) {
					begin(feed);
				}
			}
			case LEFT -> {
				if (source != null) {
					feed.offsets().commitLast(this.client.consumer());
				}
				end(feed, source, null);
				this.fetch.forget(feed);
			}
			default -> {
			}
		}
	}

	private void begin(PartitionFeed feed) {
		PartitionSource source = new PartitionSource(feed.target(), this.decoding, this.client, this.guard, feed.end());
		try {
			source.begin(feed.positions());
			this.sources.put(feed, source);
		}
		catch (BrokerException ex) {
			end(feed, source, ex);
		}
	}

	private void end(PartitionFeed feed, @Nullable PartitionSource source, @Nullable BrokerException problem) {
		if (source != null) {
			this.client.remove(source);
			this.sources.remove(feed);
		}
		feed.end(problem);
	}

	private void poll(Set<PartitionFeed> full) {
		this.client.pauseOnly(full.stream().map((feed) -> feed.target().partition()).collect(Collectors.toSet()));
		this.guard.check();
		ConsumerRecords<byte[], byte[]> records = poll();
		this.sources.forEach((feed, source) -> {
			if (full.contains(feed) && records.records(source.partition()).isEmpty()) {
				source.peekEnd();
			}
			else {
				source.take(records, feed.last(), feed::append);
			}
		});
	}

	private ConsumerRecords<byte[], byte[]> poll() {
		try {
			return this.client.poll();
		}
		catch (OffsetOutOfRangeException ex) {
			Map<PartitionFeed, PartitionSource> gone = new LinkedHashMap<>(this.sources);
			gone.values().removeIf((source) -> !ex.partitions().contains(source.partition()));
			if (gone.isEmpty()) {
				throw ex;
			}
			gone.forEach((feed, source) -> end(feed, source, source.gone(ex)));
			return ConsumerRecords.empty();
		}
	}

}
