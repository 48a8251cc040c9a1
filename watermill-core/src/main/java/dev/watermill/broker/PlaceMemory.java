package dev.watermill.broker;

import java.util.Optional;

/**
 * Remembers where mills commit whose places can't be found by what they read and write
 * now: a checkpoint stands beside a file, and the next configuration may name another
 * one. Of a mill that reads something else nothing is remembered: that is other work.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public interface PlaceMemory {

	/**
	 * Return where a mill committed last.
	 * @param scope who asks
	 * @return the place, or empty if none is remembered
	 * @throws BrokerException if something is remembered that can't be understood
	 */
	Optional<CommitPlace> last(CommitScope scope);

	/**
	 * Remember where a mill commits, unless that can be found anyway. Costs little where
	 * it is remembered already. What can't be remembered is logged, and the mill goes on.
	 * @param scope who commits
	 * @param place where
	 */
	void remember(CommitScope scope, CommitPlace place);

	/**
	 * Forget where a mill commits, since it is going to begin anew.
	 * @param scope whose place to forget
	 */
	void forget(CommitScope scope);

	/**
	 * Where this remembers.
	 * @return a text for people
	 */
	String location();

}
