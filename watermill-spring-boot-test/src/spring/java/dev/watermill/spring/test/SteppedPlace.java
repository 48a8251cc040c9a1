package dev.watermill.spring.test;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.Membership;
import dev.watermill.broker.ParticipantKey;
import org.jspecify.annotations.Nullable;

/**
 * A place of commits each of which is a step.
 */
final class SteppedPlace implements CommitPlace {

	private final CommitPlace place;

	private final Steps steps;

	private SteppedPlace(CommitPlace place, Steps steps) {
		this.place = place;
		this.steps = steps;
	}

	static CommitPlace of(CommitPlace place, Steps steps) {
		return (steps != Steps.UNNOTICED) ? new SteppedPlace(place, steps) : place;
	}

	@Override
	public boolean isTransactional() {
		return this.place.isTransactional();
	}

	@Override
	public String location() {
		return this.place.location();
	}

	@Override
	public CommitLog open(CommitScope scope) {
		return new Log(this.place.open(scope), scope.lane().mill());
	}

	@Override
	public Optional<Membership> membership(CommitScope scope) {
		return this.place.membership(scope);
	}

	@Override
	public boolean isUsed(CommitScope scope) {
		return this.place.isUsed(scope);
	}

	@Override
	public Map<LaneId, Checkpoint> peek(Collection<CommitScope> scopes) {
		return this.place.peek(scopes);
	}

	@Override
	public void reset(CommitScope scope) {
		this.place.reset(scope);
	}

	@Override
	public boolean equals(Object obj) {
		return obj instanceof SteppedPlace other && this.place.equals(other.place);
	}

	@Override
	public int hashCode() {
		return this.place.hashCode();
	}

	private final class Log implements CommitLog {

		private final CommitLog log;

		private final String mill;

		Log(CommitLog log, String mill) {
			this.log = log;
			this.mill = mill;
		}

		@Override
		public @Nullable Checkpoint read() {
			return this.log.read();
		}

		@Override
		public void commit(Checkpoint checkpoint) {
			SteppedPlace.this.steps.before(Steps.Step.COMMIT, this.mill);
			this.log.commit(checkpoint);
			SteppedPlace.this.steps.before(Steps.Step.COMMITTED, this.mill);
		}

		@Override
		public <P> Optional<P> participant(ParticipantKey<P> key) {
			return this.log.participant(key);
		}

		@Override
		public Optional<Holder> holder() {
			return this.log.holder();
		}

		@Override
		public void requireHeld() {
			this.log.requireHeld();
		}

		@Override
		public Origin origin() {
			return this.log.origin();
		}

		@Override
		public void leave(String other) {
			this.log.leave(other);
		}

		@Override
		public Optional<Duration> timeLimit() {
			return this.log.timeLimit();
		}

		@Override
		public void close() {
			this.log.close();
		}

	}

}
