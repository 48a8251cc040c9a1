package dev.watermill.broker.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.ParticipantKey;
import org.jspecify.annotations.Nullable;

/**
 * The commits of all mills that write to one {@link InMemoryBroker}. One lock, shared
 * with the streams, makes positions and results one.
 */
final class InMemoryCommits implements CommitPlace {

	private final ReentrantLock lock;

	private final Map<LaneId, Checkpoint> checkpoints = new HashMap<>();

	/** Who committed that. */
	private final Map<LaneId, String> sessions = new HashMap<>();

	private final Map<LaneId, Log> holders = new HashMap<>();

	/** Shares lanes out, if anybody asked for that. */
	private volatile @Nullable InMemoryCoordinator coordinator;

	InMemoryCommits(ReentrantLock lock) {
		this.lock = lock;
	}

	@Override
	public boolean isTransactional() {
		return true;
	}

	@Override
	public String location() {
		return "memory";
	}

	@Override
	public CommitLog open(CommitScope scope) {
		return locked(() -> {
			Log log = new Log(scope);
			this.holders.put(scope.lane(), log);
			return log;
		});
	}

	@Override
	public Optional<Membership> membership(CommitScope scope) {
		InMemoryCoordinator shared = this.coordinator;
		if (shared == null || scope.outputs().size() > scope.outputs(store()).size()) {
			return Optional.empty();
		}
		return scope.inputs()
			.values()
			.stream()
			.filter((source) -> source.participant(store()).isPresent() && source.partitions().isPresent())
			.findFirst()
			.map((source) -> shared.group(scope.lane().mill(), source.location(), () -> source.partitions().orElse(1)));
	}

	@Override
	public boolean isUsed(CommitScope scope) {
		return last(scope.lane()) != null;
	}

	@Override
	public Map<LaneId, Checkpoint> peek(Collection<CommitScope> scopes) {
		return locked(() -> {
			Map<LaneId, Checkpoint> found = new LinkedHashMap<>(this.checkpoints);
			found.keySet().retainAll(scopes.stream().map(CommitScope::lane).toList());
			return found;
		});
	}

	/**
	 * Have lanes shared out among the mills that commit here.
	 */
	InMemoryCoordinator coordinator() {
		return locked(() -> {
			InMemoryCoordinator shared = (this.coordinator != null) ? this.coordinator : new InMemoryCoordinator();
			this.coordinator = shared;
			return shared;
		});
	}

	@Override
	public void reset(CommitScope scope) {
		locked(() -> {
			this.holders.remove(scope.lane());
			this.sessions.remove(scope.lane());
			return this.checkpoints.remove(scope.lane());
		});
	}

	@Nullable Checkpoint last(LaneId owner) {
		return locked(() -> this.checkpoints.get(owner));
	}

	/**
	 * By which it is seen that a stream is committed here.
	 */
	ParticipantKey<InMemoryCommits> store() {
		return new ParticipantKey<>(InMemoryCommits.class, this);
	}

	/**
	 * By which writers take part in these commits.
	 */
	ParticipantKey<Log> key() {
		return new ParticipantKey<>(Log.class, this);
	}

	private <V extends @Nullable Object> V locked(Supplier<V> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The commits of one lane while nobody else has taken it over.
	 */
	final class Log implements CommitLog {

		private final LaneId owner;

		private final String session;

		private final List<InMemoryWriter<?>> writers = new ArrayList<>();

		Log(CommitScope scope) {
			this.owner = scope.lane();
			this.session = scope.session();
		}

		@Override
		public <P> Optional<P> participant(ParticipantKey<P> key) {
			return key().answer(key, this);
		}

		/**
		 * Let a writer take part, unless another has taken the place over and may have
		 * published more.
		 */
		void enlist(InMemoryWriter<?> writer) {
			locked(() -> {
				requireHeld();
				writer.begin();
				return this.writers.add(writer);
			});
		}

		@Override
		public Optional<CommitLog.Holder> holder() {
			return Optional.of(new CommitLog.Holder(this.owner,
					"the mill '" + this.owner + "' that commits to memory "
							+ System.identityHashCode(InMemoryCommits.this),
					String.valueOf(System.identityHashCode(this))));
		}

		@Override
		public void requireHeld() {
			if (locked(() -> InMemoryCommits.this.holders.get(this.owner)) != this) {
				throw new MillTakenOverException(
						"Another instance took over the mill '" + this.owner.mill() + "' (lane " + this.owner.lane()
								+ "), so this one can commit nothing. " + "Start it again to take it back.");
			}
		}

		@Override
		public @Nullable Checkpoint read() {
			requireHeld();
			return last(this.owner);
		}

		/**
		 * Nothing is younger than what is here, whoever committed it.
		 */
		@Override
		public CommitLog.Origin origin() {
			return locked(() -> new CommitLog.Origin("", InMemoryCommits.this.sessions.getOrDefault(this.owner, ""),
					null, Set.of()));
		}

		@Override
		public void commit(Checkpoint checkpoint) {
			locked(() -> {
				requireHeld();
				this.writers.forEach(InMemoryWriter::publish);
				InMemoryCommits.this.sessions.put(this.owner, this.session);
				return InMemoryCommits.this.checkpoints.put(this.owner, checkpoint);
			});
		}

		@Override
		public void close() {
			locked(() -> InMemoryCommits.this.holders.remove(this.owner, this));
		}

	}

}
