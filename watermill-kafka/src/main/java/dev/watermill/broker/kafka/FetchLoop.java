package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.watermill.broker.BrokerException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * What the thread of a fetch does: end what everybody left, begin what is to be read, let
 * pause what is full, poll, and hand over. What happens to one partition alone ends that
 * one only. A turn costs what came and what changed; only now and then all partitions are
 * looked at. Used by one thread.
 */
final class FetchLoop {

	private static final long BETWEEN_LOOKS = Duration.ofMillis(100).toNanos();

	private final TopicFetch fetch;

	private final RecordDecoding decoding;

	private final TopicGuard guard;

	private final PartitionsClient client;

	private final Openings openings;

	private final EndQuestions ends;

	private final EndQuestions uncommittedEnds;

	private final EndQuestions starts;

	/** Whether offsets are committed here, not with the results. */
	private final boolean commits;

	private long lookedAt;

	FetchLoop(TopicFetch fetch, FetchTarget target, RecordDecoding decoding, Admin admin,
			Consumer<byte[], byte[]> consumer) {
		this.fetch = fetch;
		this.decoding = decoding;
		this.guard = new TopicGuard(target, admin);
		this.client = new PartitionsClient(consumer);
		this.openings = new Openings(this.guard, admin, fetch::wake);
		this.ends = new EndQuestions(admin, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
		this.uncommittedEnds = new EndQuestions(admin, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
		this.starts = new EndQuestions(admin, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
		this.commits = !target.covered();
	}

	/**
	 * Fetch until nobody reads any more.
	 */
	void run() throws InterruptedException {
		while (!this.fetch.isClosed()) {
			arrange(this.fetch.changes(!this.client.isAhead()));
			if (!this.client.isAhead()) {
				begin(this.openings.ready((source, ex) -> end(source, ex)));
			}
			look(poll());
		}
		this.client.sources().forEach(this::commitLast);
	}

	private void arrange(TopicFetch.Changes changes) {
		List<PartitionSource> left = new ArrayList<>();
		for (PartitionFeed feed : changes.left()) {
			this.openings.remove(feed);
			PartitionSource source = of(feed);
			if (source != null) {
				left.add(source);
				commitLast(source);
				this.ends.forget(source);
				this.uncommittedEnds.forget(source);
				this.starts.forget(source);
			}
		}
		this.client.remove(left);
		changes.left().forEach((feed) -> feed.end(null));
		for (PartitionFeed feed : changes.begun()) {
			if (!feed.isLeft()) {
				this.openings.add(new PartitionSource(feed, this.decoding, this.client, this.guard));
			}
		}
		for (PartitionFeed feed : changes.turned()) {
			PartitionSource source = of(feed);
			if (source != null) {
				this.client.pause(source, feed.isFull());
			}
		}
	}

	private @Nullable PartitionSource of(PartitionFeed feed) {
		PartitionSource source = this.client.source(feed.target().partition());
		return (source != null && source.feed() == feed) ? source : null;
	}

	/**
	 * Go where reading begins. Where several readers begin all their places are gone to,
	 * the first one last, to see that the log reaches there still.
	 */
	private void begin(List<PartitionSource> ready) {
		List<PartitionSource> sound = new ArrayList<>();
		for (PartitionSource source : ready) {
			try {
				source.requireThere();
				sound.add(source);
			}
			catch (BrokerException ex) {
				end(source, ex);
			}
		}
		if (sound.isEmpty()) {
			return;
		}
		this.client.add(sound);
		int places = sound.stream().mapToInt(PartitionSource::places).max().orElse(0);
		for (int place = places - 1; place >= 0; place--) {
			int at = place;
			sound.forEach((source) -> source.seek(at));
			confirm(sound);
		}
		sound.forEach(PartitionSource::began);
	}

	/**
	 * Wait until the positions were seen to be in the log: all are asked for at once.
	 */
	private void confirm(List<PartitionSource> sound) {
		Duration patience = KafkaConnection.PATIENCE;
		for (int i = 0; i < sound.size();) {
			PartitionSource source = sound.get(i);
			try {
				source.confirm(patience);
				i++;
			}
			catch (OffsetOutOfRangeException ex) {
				// maybe of another one
				endGone(ex);
				sound.removeIf((each) -> of(each.feed()) == null);
				i = 0;
			}
			catch (BrokerException ex) {
				end(source, ex);
				sound.remove(i);
				// the others had the same time
				patience = Duration.ofMillis(1);
			}
		}
	}

	private void endGone(OffsetOutOfRangeException failure) {
		List<PartitionSource> gone = failure.partitions()
			.stream()
			.map(this.client::source)
			.filter(Objects::nonNull)
			.toList();
		if (gone.isEmpty()) {
			throw failure;
		}
		gone.forEach((source) -> end(source, source.gone(failure)));
	}

	private void end(PartitionSource source, BrokerException problem) {
		this.client.remove(List.of(source));
		this.ends.forget(source);
		this.uncommittedEnds.forget(source);
		this.starts.forget(source);
		this.fetch.forget(source.feed());
		source.feed().end(problem);
	}

	/**
	 * Wait a little for records and hand them over.
	 * @return whether nothing came
	 */
	private boolean poll() throws InterruptedException {
		if (!this.client.isAhead() && !this.fetch.beginPoll(this.client.size())) {
			return true;
		}
		ConsumerRecords<byte[], byte[]> records;
		try {
			records = this.client.poll();
		}
		catch (OffsetOutOfRangeException ex) {
			endGone(ex);
			return true;
		}
		finally {
			this.fetch.endPoll();
		}
		this.guard.check();
		records.nextOffsets().forEach((partition, next) -> {
			PartitionSource source = this.client.source(partition);
			if (source != null) {
				source.take(records.records(partition), next);
			}
		});
		return records.isEmpty();
	}

	/**
	 * Look at all partitions, if it is time: of what is silent it is asked whether that
	 * is right.
	 * @param nothing whether nothing came of any
	 */
	private void look(boolean nothing) {
		long now = System.nanoTime();
		if (now - this.lookedAt >= BETWEEN_LOOKS) {
			this.lookedAt = now;
			List<PartitionSource> silent = new ArrayList<>();
			List<PartitionSource> heldBack = new ArrayList<>();
			List<PartitionSource> holding = new ArrayList<>();
			for (PartitionSource source : this.client.sources()) {
				if (this.commits) {
					source.feed().offsets().commit(this.client.consumer());
				}
				if (source.asksForEnd(now, nothing) && !this.ends.isAwaited(source)) {
					silent.add(source);
				}
				if (source.mayBeHeldBack(now) && !this.uncommittedEnds.isAwaited(source)) {
					heldBack.add(source);
				}
				if (source.asksForStart(now) && !this.starts.isAwaited(source)) {
					holding.add(source);
				}
			}
			this.ends.ask(silent, this.fetch::wake);
			this.uncommittedEnds.ask(heldBack, () -> {
			});
			this.starts.ask(holding, () -> {
			});
		}
		this.ends.answers(PartitionSource::endsAt, (source, ex) -> {
			// where nothing is fetched whoever reads on gets to know
			if (!source.feed().isFull()) {
				end(source, ex);
			}
		});
		this.uncommittedEnds.answers(PartitionSource::endsUncommittedAt, (source, ex) -> source.endsUncommittedAt(-1));
		this.starts.answers(PartitionSource::startsAt, (source, ex) -> {
			// it is asked again
		});
	}

	private void commitLast(PartitionSource source) {
		if (this.commits) {
			source.feed().offsets().commitLast(this.client.consumer());
		}
	}

}
