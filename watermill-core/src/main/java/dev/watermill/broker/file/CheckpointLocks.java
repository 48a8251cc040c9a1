package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import dev.watermill.broker.CommitScope;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a mill that commits to a checkpoint: on what the checkpoint belongs to,
 * and on every file that the mill writes.
 */
final class CheckpointLocks implements AutoCloseable {

	private final List<OutputLock> locks = new ArrayList<>();

	private CheckpointLocks() {
	}

	/**
	 * Take all locks, or none.
	 * @param first the file that is locked for the checkpoint
	 */
	static CheckpointLocks take(Path first, CommitScope scope) throws IOException {
		// in one order, so that of two starts one gets all
		TreeSet<Path> paths = new TreeSet<>();
		paths.add(RealPath.of(first));
		scope.outputs().values().forEach((sink) -> {
			if (sink instanceof JsonFileSink<?> file) {
				paths.add(file.lockPath());
			}
		});
		CheckpointLocks taken = new CheckpointLocks();
		try {
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
	 * @return the lock, {@code null} if it is not among these
	 */
	@Nullable OutputLock of(Path path) {
		return this.locks.stream().filter((lock) -> lock.isOf(path)).findFirst().orElse(null);
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

}
