package dev.watermill.broker.checkpoint.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.lock.internal.FullDisk;
import dev.watermill.broker.lock.internal.OutputLocks;
import dev.watermill.broker.lock.internal.RealPath;
import org.jspecify.annotations.Nullable;

/**
 * Commits by replacing a file in one step. While a mill commits here it holds a lock of
 * the operating system, which ends with its process at the latest; so of two that were
 * started with one checkpoint the second is refused. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CheckpointFile implements CommitPlace {

	private static final String SUFFIX = ".checkpoint";

	private static final String FILE = "checkpoint ";

	private static final String DIRECTORY = "checkpoints in ";

	private final Path place;

	/** What is locked for the checkpoint, {@code null} for the checkpoint itself. */
	private final @Nullable Path locked;

	private final boolean directory;

	private final boolean fsync;

	private CheckpointFile(Path place, @Nullable Path locked, boolean directory, boolean fsync) {
		this.place = place;
		this.locked = locked;
		this.directory = directory;
		this.fsync = fsync;
	}

	/**
	 * Return the checkpoint beside an output: of the same name, with {@code .checkpoint}
	 * behind it.
	 * @param output the file of the output
	 * @param fsync whether a commit waits for the disk
	 * @return the place
	 */
	public static CheckpointFile beside(Path output, boolean fsync) {
		return new CheckpointFile(output.resolveSibling(output.getFileName() + SUFFIX), output, false, fsync);
	}

	/**
	 * Return checkpoints in a directory, one for each lane of each mill, for mills whose
	 * outputs have none.
	 * @param directory the directory, created when it is needed
	 * @param fsync whether a commit waits for the disk
	 * @return the place
	 */
	public static CheckpointFile in(Path directory, boolean fsync) {
		return new CheckpointFile(directory, null, true, fsync);
	}

	@Override
	public boolean isTransactional() {
		return false;
	}

	@Override
	public String location() {
		return (this.directory ? DIRECTORY : FILE) + this.place;
	}

	@Override
	public boolean isUsed(CommitScope scope) {
		return Files.exists(file(scope.lane()));
	}

	@Override
	public Map<LaneId, Checkpoint> peek(Collection<CommitScope> scopes) {
		Map<LaneId, Checkpoint> found = new LinkedHashMap<>();
		for (CommitScope scope : scopes) {
			Path file = file(scope.lane());
			try {
				CheckpointText text = CheckpointText.parse(Files.readString(file), scope.lane());
				if (text.leftFor() == null) {
					found.put(scope.lane(), text.checkpoint());
				}
			}
			catch (NoSuchFileException ex) {
				// nothing was committed
			}
			catch (IOException | IllegalArgumentException ex) {
				// whoever opens it says so
			}
		}
		return found;
	}

	@Override
	public Optional<CommitPlace> at(String location) {
		return at(location, this.fsync);
	}

	/**
	 * Return the place of a location.
	 * @return the place, or empty if there is none of this kind
	 */
	static Optional<CommitPlace> at(String location, boolean fsync) {
		if (location.startsWith(DIRECTORY)) {
			return Optional.of(in(Path.of(location.substring(DIRECTORY.length())), fsync));
		}
		if (location.startsWith(FILE) && location.endsWith(SUFFIX)) {
			return Optional
				.of(beside(Path.of(location.substring(FILE.length(), location.length() - SUFFIX.length())), fsync));
		}
		return Optional.empty();
	}

	/**
	 * Return what {@link #at} takes in whatever directory a process works.
	 */
	String absoluteLocation() {
		return (this.directory ? DIRECTORY : FILE) + RealPath.of(this.place);
	}

	/**
	 * Whether these are the checkpoints in a directory.
	 */
	boolean isIn(Path other) {
		return this.directory && RealPath.of(this.place).equals(RealPath.of(other));
	}

	/**
	 * Whether another object is the same place, by whatever path.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof CheckpointFile file && absoluteLocation().equals(file.absoluteLocation());
	}

	@Override
	public int hashCode() {
		return absoluteLocation().hashCode();
	}

	@Override
	public String toString() {
		return location();
	}

	@Override
	public CommitLog open(CommitScope scope) {
		LaneId owner = scope.lane();
		Path file = file(owner);
		return new CheckpointLog(file, scope, lock(file, scope), this.fsync);
	}

	@Override
	public void reset(CommitScope scope) {
		LaneId owner = scope.lane();
		Path file = file(owner);
		try (OutputLocks locks = lock(file, scope)) {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			throw new BrokerException("The checkpoint " + file + " of the mill '" + owner.mill()
					+ "' can't be deleted: " + ex.getMessage() + ". Delete it by hand.", ex);
		}
	}

	/**
	 * Lock everything that is written, before anything is read.
	 */
	private OutputLocks lock(Path file, CommitScope scope) {
		LaneId owner = scope.lane();
		try {
			return OutputLocks.take((this.locked != null) ? this.locked : file, scope);
		}
		catch (IOException ex) {
			throw FullDisk.unwritable("The checkpoint " + file + " of the mill '" + owner.mill() + "' can't be locked: "
					+ ex.getMessage(), file, ex);
		}
	}

	private Path file(LaneId owner) {
		if (!this.directory) {
			return this.place;
		}
		return this.place.resolve(CheckpointName.of(owner) + SUFFIX);
	}

}
