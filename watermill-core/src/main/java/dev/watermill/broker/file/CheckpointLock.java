package dev.watermill.broker.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import org.jspecify.annotations.Nullable;

/**
 * The lock on a checkpoint: a file beside it, which stays, locked by the operating system
 * for one process, and a note here for one holder within it. The note comes first, since
 * closing a second descriptor of a file can end the lock of the first.
 */
final class CheckpointLock implements AutoCloseable {

	private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

	private final Path path;

	private final RandomAccessFile file;

	private CheckpointLock(Path path, RandomAccessFile file) {
		this.path = path;
		this.file = file;
	}

	/**
	 * Take the lock.
	 * @param checkpoint the checkpoint, whose directory is created if it doesn't exist
	 * @param owner who asks
	 * @return the lock
	 * @throws MillTakenOverException if another holds it
	 */
	static CheckpointLock take(Path checkpoint, LaneId owner) throws IOException {
		Path directory = Directories.create(checkpoint).toRealPath();
		Path path = directory.resolve(checkpoint.getFileName() + ".lock");
		if (!HELD.add(path)) {
			throw held(checkpoint, owner, "in this process");
		}
		RandomAccessFile file = null;
		try {
			file = new RandomAccessFile(path.toFile(), "rw");
			FileLock lock = file.getChannel().tryLock();
			if (lock != null) {
				return new CheckpointLock(path, file);
			}
		}
		catch (OverlappingFileLockException ex) {
			// Held in this process by classes of another loader
		}
		catch (IOException ex) {
			release(path, file);
			throw ex;
		}
		release(path, file);
		throw held(checkpoint, owner, "in another process");
	}

	private static MillTakenOverException held(Path checkpoint, LaneId owner, String where) {
		return new MillTakenOverException("The checkpoint " + checkpoint + " is in use " + where + ", so the mill '"
				+ owner.mill()
				+ "' can't start: it, or another that writes the same file, is running already. Stop that one first.");
	}

	private static void release(Path path, @Nullable RandomAccessFile file) throws IOException {
		try {
			if (file != null) {
				file.close();
			}
		}
		finally {
			HELD.remove(path);
		}
	}

	@Override
	public void close() throws IOException {
		release(this.path, this.file);
	}

}
