package dev.watermill.broker.kafka;

import java.time.Duration;

import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.jspecify.annotations.Nullable;

/**
 * What one start of a mill knows of who commits: by that it finds whether another start
 * took over, though its own attempts come and go. Thread-safe.
 */
final class Tenure {

	private final String session;

	private final LastCommit lastCommit;

	private final TransactionSize size = new TransactionSize();

	private volatile @Nullable String before;

	private volatile boolean read;

	private volatile boolean announced;

	/** As whom this start has the id, if it has committed nothing as such. */
	private volatile @Nullable Holder untouched;

	private volatile @Nullable Duration timeLimit;

	/**
	 * Create the tenure of a start.
	 * @param former that of the start before, in this process, {@code null} for none
	 */
	Tenure(String session, @Nullable Tenure former) {
		this.session = session;
		this.lastCommit = (former != null) ? former.lastCommit : new LastCommit();
	}

	/**
	 * How much is written at a time.
	 */
	TransactionSize size() {
		return this.size;
	}

	/**
	 * What was committed last in this process.
	 */
	LastCommit lastCommit() {
		return this.lastCommit;
	}

	boolean isOf(String other) {
		return this.session.equals(other);
	}

	/**
	 * Note who committed last when this start had taken the place and read the positions.
	 */
	void before(@Nullable String last) {
		if (!this.read && !this.session.equals(last)) {
			this.before = last;
			this.read = true;
		}
	}

	/**
	 * Note that this start has taken the id.
	 * @param found what the cluster says of it since
	 */
	void taken(@Nullable TransactionDescription found) {
		this.untouched = (found != null) ? Holder.of(found) : null;
		this.timeLimit = (found != null) ? Duration.ofMillis(found.transactionTimeoutMs()) : null;
	}

	/**
	 * How long a transaction may be open, {@code null} if that isn't known.
	 */
	@Nullable Duration timeLimit() {
		return this.timeLimit;
	}

	/**
	 * Note that this start has committed.
	 */
	void announced() {
		this.announced = true;
		this.untouched = null;
	}

	/**
	 * Whether another start has taken the id from this one and has committed nothing yet.
	 * @param found what the cluster says of the id
	 */
	boolean isTakenBySomebodyElse(TransactionDescription found) {
		Holder own = this.untouched;
		boolean empty = found.state() == TransactionState.EMPTY;
		if (own == null) {
			// so it is right after it was taken, and this one has committed since
			return empty && this.announced;
		}
		// in other states the cluster may have counted on, to end what took too long
		return (empty || found.state() == TransactionState.ONGOING) && !own.equals(Holder.of(found));
	}

	/**
	 * Whether the one who committed last has taken over from this start.
	 */
	boolean isTakenOverBy(@Nullable String last) {
		if (last == null || last.equals(this.session)) {
			return false;
		}
		if (this.announced) {
			return true;
		}
		// as long as it has not said so itself, whoever was there before is still named
		return this.read ? !last.equals(this.before) : last.compareTo(this.session) > 0;
	}

	/**
	 * Who may commit under a transactional id: another one each time it is taken.
	 */
	private record Holder(long producerId, int epoch) {

		static Holder of(TransactionDescription found) {
			return new Holder(found.producerId(), found.producerEpoch());
		}

	}

}
