package dev.watermill.broker.lock.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import dev.watermill.broker.CommitScope;
import dev.watermill.broker.MillTakenOverException;
import dev.watermill.broker.ParticipantKey;

/**
 * The locks of a mill that commits to a checkpoint: on what the checkpoint belongs to,
 * and on every file that the mill writes.
 *
 * @since 0.1.0
 */
public final class OutputLocks implements AutoCloseable {

	/** By which a sink says what has to be locked: the real path of its file. */
	public static final ParticipantKey<Path> FILE = new ParticipantKey<>(Path.class, OutputLocks.class);

	/** By which a log gives the locks that it holds to the sinks. */
	public static final ParticipantKey<OutputLocks> HELD = new ParticipantKey<>(OutputLocks.class, OutputLocks.class);

	/** By which a sink says what the lanes of an instance have to lock together. */
	public static final ParticipantKey<Shared> SHARED = new ParticipantKey<>(Shared.class, OutputLocks.class);

	private final List<OutputLock> locks = new ArrayList<>();

	private OutputLocks() {
	}

	/**
	 * Take all locks, or none.
	 * @param first the file that is locked for the checkpoint
	 * @param scope who asks, and what it writes
	 * @return the locks
	 * @throws IOException if a file can't be locked
	 * @throws MillTakenOverException if another uses one of the files
	 */
	public static OutputLocks take(Path first, CommitScope scope) throws IOException {
		// in one order, so that of two starts one gets all
		TreeSet<Path> paths = new TreeSet<>(scope.outputs(FILE).values());
		paths.add(RealPath.of(first));
		OutputLocks taken = new OutputLocks();
		try {
			for (Shared shared : new TreeSet<>(scope.outputs(SHARED).values())) {
				taken.locks.add(OutputLock.alone(shared.path(), OutputLock.name(scope.lane()), shared.instance()));
			}
			for (Path path : paths) {
				taken.locks.add(OutputLock.alone(path, OutputLock.name(scope.lane()), scope.session()));
			}
			return taken;
		}
		catch (IOException | RuntimeException ex) {
			taken.close();
			throw ex;
		}
	}

	/**
	 * Return the lock of a file.
	 * @param path the real path of the file
	 * @return the lock, or empty if it is not among these
	 */
	public Optional<OutputLock> of(Path path) {
		return this.locks.stream().filter((lock) -> lock.isOf(path)).findFirst();
	}

	@Override
	public void close() {
		for (OutputLock lock : this.locks) {
			try {
				lock.close();
			}
			catch (IOException ex) {
				// it ends with the descriptor, whatever closing says
			}
		}
	}

	/**
	 * What the lanes of an instance lock together, so that of two instances one gets all
	 * lanes, and the other none.
	 *
	 * @param path what is locked
	 * @param instance the name of the instance
	 */
	public record Shared(Path path, String instance) implements Comparable<Shared> {

		private static final String SUFFIX = ".lanes";

		/**
		 * Return what an instance locks together of the files of its lanes.
		 * @param first the file of its first lane
		 * @return what is locked
		 */
		public static Shared beside(Path first) {
			Path path = RealPath.of(first);
			return new Shared(path.resolveSibling(path.getFileName() + SUFFIX), CommitScope.newSession());
		}

		@Override
		public int compareTo(Shared other) {
			return this.path.compareTo(other.path);
		}

	}

}
