package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.MillTakenOverException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The lanes that a member of a consumer group holds, and what they commit as that member:
 * brokers refuse such a commit once the member is none any more. Lanes hand it to the
 * thread of the member, which commits what came from all of them at once. Thread-safe.
 */
final class MemberCommits {

	/** How long a member on the move is polled until it may be able to commit. */
	private static final Duration WHILE_MOVING = Duration.ofMillis(20);

	private final KafkaMembership membership;

	private final Runnable waker;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition asked = this.lock.newCondition();

	/** For how long a lane is held: another object each time. */
	private final Map<Integer, Tenancy> held = new HashMap<>();

	private final List<Request> requests = new ArrayList<>();

	/** Whether all of them could not be committed since members are on the move. */
	private boolean kept;

	/**
	 * Create commits.
	 * @param waker wakes the thread of the member
	 */
	MemberCommits(KafkaMembership membership, Runnable waker) {
		this.membership = membership;
		this.waker = waker;
	}

	/**
	 * Return what a lane commits with for as long as it is held from now on.
	 * @throws MillTakenOverException if it is not held
	 */
	Tenancy of(int lane) {
		this.lock.lock();
		try {
			Tenancy tenancy = this.held.get(lane);
			if (tenancy == null) {
				throw lost(lane);
			}
			return tenancy;
		}
		finally {
			this.lock.unlock();
		}
	}

	private MillTakenOverException lost(int lane) {
		return new MillTakenOverException("another instance took over lane " + lane + " of the mill '"
				+ this.membership.mill() + "': this one does not hold it in the " + this.membership.location()
				+ ", so it can commit nothing.");
	}

	private String problem() {
		return "The positions of the consumer group '" + this.membership.group() + "' could not be committed";
	}

	Set<Integer> lanes() {
		this.lock.lock();
		try {
			return Set.copyOf(this.held.keySet());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Note that lanes are held from now on.
	 */
	void assigned(Set<Integer> lanes) {
		this.lock.lock();
		try {
			lanes.forEach((lane) -> this.held.put(lane, new Tenancy(lane)));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Note that lanes are not held any more.
	 */
	void removed(Set<Integer> lanes) {
		this.lock.lock();
		try {
			this.held.keySet().removeAll(lanes);
		}
		finally {
			this.lock.unlock();
		}
		refuseStrangers();
	}

	private void refuseStrangers() {
		List<Request> refused = new ArrayList<>();
		this.lock.lock();
		try {
			this.requests.removeIf((request) -> !isHeld(request.tenancy()) && refused.add(request));
		}
		finally {
			this.lock.unlock();
		}
		refused.forEach((request) -> request.answer().completeExceptionally(lost(request.tenancy().lane)));
	}

	private boolean isHeld(Tenancy tenancy) {
		return this.held.get(tenancy.lane) == tenancy;
	}

	/**
	 * How long the member may be polled until commits are to be made.
	 * @param atMost how long if none is asked for
	 */
	Duration untilDue(Duration atMost) {
		this.lock.lock();
		try {
			return this.requests.isEmpty() ? atMost : this.kept ? WHILE_MOVING : Duration.ZERO;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until a commit is asked for, or a thread has ended.
	 * @return {@code false} if it has ended
	 */
	boolean await(Thread other) {
		this.lock.lock();
		try {
			while (this.requests.isEmpty() && other.isAlive()) {
				// its end may come a moment after it said so
				this.asked.await(10, TimeUnit.MILLISECONDS);
			}
			return other.isAlive();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Nobody interrupts the thread of a member", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wake whoever awaits something.
	 */
	void wake() {
		this.lock.lock();
		try {
			this.asked.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Commit what was asked for. Called by the thread of the member.
	 * @param again whether what can't be committed while members are on the move is kept
	 * for the next time: the member is polled before
	 */
	void commit(Consumer<byte[], byte[]> consumer, boolean again) {
		refuseStrangers();
		List<Request> due = take();
		if (due.isEmpty()) {
			return;
		}
		try {
			commit(consumer, due);
			due.forEach((request) -> request.answer().complete(null));
		}
		catch (CommitFailedException | RebalanceInProgressException ex) {
			if (again) {
				keep(due);
			}
			else {
				due.forEach((request) -> request.answer().completeExceptionally(lost(request.tenancy().lane)));
			}
		}
		catch (RuntimeException ex) {
			BrokerException problem = KafkaFailures.translate(problem(), ex);
			due.forEach((request) -> request.answer().completeExceptionally(problem));
		}
	}

	private List<Request> take() {
		this.lock.lock();
		try {
			// nobody waits for some of them any more
			this.requests.removeIf((request) -> request.answer().isDone());
			List<Request> due = List.copyOf(this.requests);
			this.requests.clear();
			return due;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void keep(List<Request> again) {
		this.lock.lock();
		try {
			this.kept = this.requests.isEmpty();
			this.requests.addAll(again);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static void commit(Consumer<byte[], byte[]> consumer, List<Request> due) {
		Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
		due.forEach((request) -> offsets.putAll(request.offsets()));
		while (true) {
			try {
				consumer.commitSync(offsets, KafkaConnection.PATIENCE);
				return;
			}
			catch (WakeupException ex) {
				// meant for the poll that was not going on then
			}
		}
	}

	/**
	 * A lane for as long as its member holds it. Thread-safe.
	 */
	final class Tenancy {

		private final int lane;

		private Tenancy(int lane) {
			this.lane = lane;
		}

		/**
		 * Whether it is this group that the lane is held in.
		 */
		boolean isIn(CommitGroup group) {
			return group.name().equals(MemberCommits.this.membership.group());
		}

		/**
		 * Commit the position of the lane.
		 * @param offsets that of its partition, or of all partitions that it merges
		 * @throws MillTakenOverException if the lane is not held any more
		 * @throws BrokerUnavailableException if it can be expected to work later
		 */
		void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
			Request request = new Request(this, offsets, new CompletableFuture<>());
			ask(request);
			MemberCommits.this.waker.run();
			try {
				request.answer().get(2 * KafkaConnection.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (ExecutionException ex) {
				throw KafkaFailures.translate(problem(), Objects.requireNonNullElse(ex.getCause(), ex));
			}
			catch (TimeoutException ex) {
				throw new BrokerUnavailableException(problem() + ": Kafka does not answer", ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new BrokerUnavailableException(problem() + ": interrupted", ex);
			}
			finally {
				request.answer().cancel(false);
			}
		}

		/**
		 * Check that the lane is held, as far as is known here.
		 * @throws MillTakenOverException if it is not
		 */
		void requireHeld() {
			MemberCommits.this.lock.lock();
			try {
				if (!isHeld(this)) {
					throw lost(this.lane);
				}
			}
			finally {
				MemberCommits.this.lock.unlock();
			}
		}

		private void ask(Request request) {
			MemberCommits.this.lock.lock();
			try {
				requireHeld();
				MemberCommits.this.requests.add(request);
				MemberCommits.this.kept = false;
				MemberCommits.this.asked.signalAll();
			}
			finally {
				MemberCommits.this.lock.unlock();
			}
		}

	}

	/**
	 * A commit that is asked for.
	 */
	private record Request(Tenancy tenancy, Map<TopicPartition, OffsetAndMetadata> offsets,
			CompletableFuture<Void> answer) {

	}

}
