package dev.watermill.broker.lock.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.BrokerUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A file that stands beside another one and is locked instead of it; it stays. Two locks
 * of the operating system are on it, which end with their process at the latest: one says
 * who uses the file, for as long as it does, and one is held for moments, while the file
 * is written. The text in it says who may write.
 * <p>
 * There is one for each path in a process, since closing a second descriptor of a file
 * can end the locks of the first. Thread-safe.
 */
final class LockFile {

	private static final Map<Path, LockFile> OPEN = new HashMap<>();

	/** Far behind the text, which some systems would not let others read otherwise. */
	private static final long PRESENCE = 1L << 40;

	private static final long WRITING = PRESENCE + 1;

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration BETWEEN_TRIES = Duration.ofMillis(1);

	private final Path path;

	private final RandomAccessFile file;

	private final String user;

	private final boolean alone;

	private final ReentrantLock writing = new ReentrantLock();

	private @Nullable FileLock presence;

	private int uses = 1;

	private LockFile(Path path, RandomAccessFile file, String user, boolean alone) {
		this.path = path;
		this.file = file;
		this.user = user;
		this.alone = alone;
	}

	/**
	 * Begin to use a file.
	 * @param path where the lock file is
	 * @param user who asks: others of the same name may use the file too
	 * @param alone whether nobody else may use it
	 * @throws HeldException if that can't be had, since others use the file
	 */
	static LockFile enter(Path path, String user, boolean alone) throws IOException {
		synchronized (OPEN) {
			LockFile known = OPEN.get(path);
			if (known != null) {
				if (alone != known.alone || !known.user.equals(user)) {
					throw new HeldException("in this process");
				}
				known.uses++;
				return known;
			}
			LockFile entered = new LockFile(path, new RandomAccessFile(path.toFile(), "rw"), user, alone);
			try {
				entered.presence = entered.tryLock(PRESENCE, !alone);
				if (entered.presence == null) {
					throw new HeldException("in another process");
				}
			}
			catch (IOException ex) {
				entered.file.close();
				throw ex;
			}
			OPEN.put(path, entered);
			return entered;
		}
	}

	/**
	 * Become the one who may write, from whoever may now.
	 * @param session the name of the one
	 * @param entitled fails if it must not be
	 * @throws HeldException if somebody else than this user uses the file
	 */
	void claim(String session, Runnable entitled) throws IOException {
		whileNobodyWrites(() -> {
			String[] last = text().split("\n");
			if (!last[0].isEmpty() && !last[0].equals(this.user) && !isUsedHereOnly()) {
				throw new HeldException("by " + last[0]);
			}
			entitled.run();
			byte[] text = textOf(session).getBytes(StandardCharsets.UTF_8);
			this.file.seek(0);
			this.file.write(text);
			this.file.setLength(text.length);
		});
	}

	/**
	 * Write while nobody else does.
	 * @param session who writes
	 * @param action what to do
	 * @throws TakenOverException if another may write now
	 */
	void write(String session, OutputLock.FileAction action) throws IOException {
		whileNobodyWrites(() -> {
			if (!text().equals(textOf(session))) {
				throw new TakenOverException();
			}
			action.run();
		});
	}

	private String textOf(String session) {
		return this.user + "\n" + session + "\n";
	}

	private String text() throws IOException {
		byte[] bytes = new byte[(int) Math.min(this.file.length(), 64 * 1024)];
		this.file.seek(0);
		this.file.readFully(bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private void whileNobodyWrites(OutputLock.FileAction action) throws IOException {
		this.writing.lock();
		try (FileLock held = awaitWriting()) {
			action.run();
		}
		finally {
			this.writing.unlock();
		}
	}

	private FileLock awaitWriting() throws IOException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		do {
			FileLock lock = tryLock(WRITING, false);
			if (lock != null) {
				return lock;
			}
			LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
		}
		while (System.nanoTime() < deadline);
		throw new BrokerUnavailableException(this.path + " to be unlocked: a process that is in the middle of writing "
				+ "does not go on. Let it go on, or end it.");
	}

	private boolean isUsedHereOnly() throws IOException {
		synchronized (OPEN) {
			FileLock own = this.presence;
			if (own != null) {
				own.release();
			}
			FileLock all = tryLock(PRESENCE, false);
			if (all != null) {
				all.release();
			}
			this.presence = tryLock(PRESENCE, true);
			return all != null && this.presence != null;
		}
	}

	private @Nullable FileLock tryLock(long position, boolean shared) throws IOException {
		try {
			// an interrupt closes a channel that waits, but this never does
			return this.file.getChannel().tryLock(position, 1, shared);
		}
		catch (OverlappingFileLockException ex) {
			// held in this process by classes of another loader
			return null;
		}
	}

	/**
	 * End to use the file.
	 */
	void leave() throws IOException {
		synchronized (OPEN) {
			if (--this.uses == 0) {
				OPEN.remove(this.path);
				this.file.close();
			}
		}
	}

	/**
	 * Others use the file.
	 */
	static final class HeldException extends IOException {

		private static final long serialVersionUID = 1L;

		/**
		 * Create an exception.
		 * @param where says who, or where
		 */
		HeldException(String where) {
			super(where);
		}

	}

	/**
	 * Another one may write the file now.
	 */
	static final class TakenOverException extends IOException {

		private static final long serialVersionUID = 1L;

	}

}
