package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.ParticipantKey;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * An instance as a member of a consumer group. A consumer of its own does nothing but
 * that: all that it is assigned is paused, so it fetches nothing, and each partition has
 * a position at once, so it asks for none; a position that is missing, or part of a
 * transaction that is open, would hold it up. Thread-safe.
 */
final class GroupMember implements Membership.Member {

	private static final Duration POLL = Duration.ofMillis(500);

	/**
	 * How often to ask a consumer that talks to the group on a thread of its own, as it
	 * does with {@code group.protocol=consumer}. What that hears wakes nobody who polls:
	 * it gives partitions up when it is polled next, and says so in the poll after that.
	 * With the time above it takes some 80 ms more from a clean stop until others go on.
	 */
	private static final Duration POLL_OFTEN = Duration.ofMillis(25);

	/** What only a consumer with a thread of its own counts. */
	private static final String EVENTS = "background-event-queue-size";

	private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

	private final KafkaMembership membership;

	private final Membership.Listener listener;

	private final MemberCommits commits;

	private final Thread thread;

	private final CountDownLatch closing = new CountDownLatch(1);

	private volatile @Nullable String id;

	/** The consumer while it may wait, to be woken. */
	private volatile @Nullable Consumer<byte[], byte[]> waiting;

	private GroupMember(KafkaMembership membership, Membership.Listener listener) {
		this.membership = membership;
		this.listener = listener;
		this.commits = new MemberCommits(membership, this::wake);
		this.thread = new Thread(this::run, membership.mill() + "-member");
	}

	/**
	 * Become a member.
	 */
	static GroupMember join(KafkaMembership membership, Membership.Listener listener) {
		GroupMember member = new GroupMember(membership, listener);
		member.thread.start();
		return member;
	}

	@Override
	public @Nullable String id() {
		return this.id;
	}

	@Override
	public Set<Integer> lanes() {
		return this.commits.lanes();
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * While members are on the move none is known to have anything.
	 */
	@Override
	public boolean holds(int lane) {
		return lanes().contains(lane) && this.membership.members()
			.stream()
			.noneMatch((peer) -> peer.lanes().contains(lane) && !peer.id().equals(this.id));
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return this.membership.connection().members().answer(key, this.commits);
	}

	@Override
	public void close() {
		this.closing.countDown();
		wake();
		if (Thread.currentThread() == this.thread) {
			return;
		}
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean isClosing() {
		return this.closing.getCount() == 0;
	}

	private void wake() {
		Consumer<byte[], byte[]> consumer = this.waiting;
		if (consumer != null) {
			consumer.wakeup();
		}
	}

	private void run() {
		try {
			while (!isClosing()) {
				attempt();
			}
		}
		catch (InterruptedException ex) {
			// nobody does this
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			this.listener.ended(translate(ex));
		}
	}

	private void attempt() throws InterruptedException {
		try {
			takePart();
		}
		catch (RuntimeException ex) {
			BrokerException translated = translate(ex);
			if (!(translated instanceof BrokerUnavailableException problem)) {
				throw translated;
			}
			this.listener.kept(problem);
			this.closing.await(BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private BrokerException translate(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof FencedInstanceIdException) {
				return new MillTakenOverException("another instance took over the mill '" + this.membership.mill()
						+ "': it has the same group.instance.id in the " + this.membership.location()
						+ ". Give each instance its own, or stop the other one and start this again.", failure);
			}
			if (cause instanceof UnreleasedInstanceIdException) {
				return new BrokerUnavailableException("The mill '" + this.membership.mill()
						+ "' can't be a member of the " + this.membership.location() + " yet: another one has the same "
						+ "group.instance.id, until it leaves or its session is over. Give each instance its own",
						failure);
			}
		}
		return KafkaFailures.translate(
				"The mill '" + this.membership.mill() + "' can't be a member of the " + this.membership.location(),
				failure);
	}

	/**
	 * Be a member until this is closed, or something is wrong with the consumer.
	 */
	private void takePart() {
		KafkaTopic topic = this.membership.topic();
		Consumer<byte[], byte[]> consumer = this.membership.connection()
			.member(this.membership.group(), topic.clientSettings());
		try {
			Rebalances rebalances = new Rebalances(consumer);
			consumer.subscribe(List.of(topic.name()), rebalances);
			Duration poll = hasThread(consumer) ? POLL_OFTEN : POLL;
			while (!isClosing()) {
				poll(consumer, poll);
				rebalances.polled();
				this.commits.commit(consumer, true);
			}
			// before the consumer is closed, which ends the heartbeats first
			handOver(consumer, lanes());
		}
		finally {
			lose(lanes());
			consumer.close(CloseOptions.timeout(KafkaConnection.PATIENCE));
		}
	}

	private static boolean hasThread(Consumer<byte[], byte[]> consumer) {
		return consumer.metrics().keySet().stream().anyMatch((metric) -> metric.name().equals(EVENTS));
	}

	private void poll(Consumer<byte[], byte[]> consumer, Duration atMost) {
		this.waiting = consumer;
		try {
			// whoever came before that woke nobody
			consumer.poll(isClosing() ? Duration.ZERO : this.commits.untilDue(atMost));
		}
		catch (WakeupException ex) {
			// there is something to do
		}
		finally {
			this.waiting = null;
		}
	}

	/**
	 * Have lanes end their work. They may need commits for it, which are made here
	 * meanwhile.
	 */
	private void handOver(Consumer<byte[], byte[]> consumer, Set<Integer> lanes) {
		if (lanes.isEmpty()) {
			return;
		}
		Thread revoking = new Thread(() -> {
			try {
				this.listener.revoked(lanes);
			}
			finally {
				this.commits.wake();
			}
		}, this.membership.mill() + "-revoked");
		revoking.start();
		boolean over = false;
		while (!over) {
			over = !this.commits.await(revoking);
			this.commits.commit(consumer, false);
		}
		this.commits.removed(lanes);
	}

	private void lose(Set<Integer> lanes) {
		if (!lanes.isEmpty()) {
			this.commits.removed(lanes);
			this.listener.lost(lanes);
		}
	}

	/**
	 * What becomes of the partitions. Called by the consumer, while it is polled or
	 * closed.
	 */
	private final class Rebalances implements ConsumerRebalanceListener {

		private final Consumer<byte[], byte[]> consumer;

		private boolean joined;

		Rebalances(Consumer<byte[], byte[]> consumer) {
			this.consumer = consumer;
		}

		@Override
		public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
			this.consumer.pause(partitions);
			partitions.forEach((partition) -> this.consumer.seek(partition, 0));
			Set<Integer> lanes = GroupMember.this.membership.lanes(partitions);
			if (!isClosing() && !lanes.isEmpty()) {
				joined(lanes);
			}
		}

		@Override
		public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
			handOver(this.consumer, held(partitions));
		}

		@Override
		public void onPartitionsLost(Collection<TopicPartition> partitions) {
			lose(held(partitions));
		}

		/**
		 * Say so, once, where there is no work for a new member.
		 */
		void polled() {
			if (!this.joined && this.consumer.groupMetadata().generationId() > 0) {
				joined(Set.of());
			}
		}

		private void joined(Set<Integer> lanes) {
			this.joined = true;
			GroupMember.this.id = this.consumer.groupMetadata().memberId();
			GroupMember.this.commits.assigned(lanes);
			GroupMember.this.listener.assigned(lanes);
		}

		private Set<Integer> held(Collection<TopicPartition> partitions) {
			Set<Integer> held = new HashSet<>(GroupMember.this.membership.lanes(partitions));
			held.retainAll(lanes());
			return held;
		}

	}

}
