package dev.watermill.broker.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file after the other, in the order of their names. A position names the file
 * it is in: files before that are not needed any more, and those that come later are read
 * behind it.
 *
 * @param <T> the type of the elements
 */
final class FilesReader<T> implements StreamReader<T> {

	private final FilePattern pattern;

	private final BiFunction<Path, @Nullable Position, StreamReader<T>> readers;

	// The file that is read, or was read last
	private @Nullable String name;

	// How many files there were before it when it was opened
	private long earlier;

	private @Nullable StreamReader<T> reader;

	// Where reading begins if there is no file behind the last one
	private Position behind = Position.empty();

	FilesReader(FilePattern pattern, BiFunction<Path, @Nullable Position, StreamReader<T>> readers,
			@Nullable Position from) {
		this.pattern = pattern;
		this.readers = readers;
		if (from != null) {
			this.behind = from;
			resume(from);
		}
	}

	private void resume(Position from) {
		String last = FilesBatch.Part.file(from);
		if (last == null) {
			throw this.pattern.file()
				.failure("was bound to something else before: " + from + " names no file. Bind the stream to what it "
						+ "was read from before, or reset the mill.", null);
		}
		this.name = last;
		this.earlier = FilesBatch.Part.earlier(from);
		requireNoneBefore(last);
		for (Path file : this.pattern.files()) {
			if (FilePattern.name(file).equals(last)) {
				this.reader = this.readers.apply(file, from);
				return;
			}
		}
		if (!FilePosition.isAtEnd(from)) {
			throw this.pattern.file()
				.failure("is to be read on in " + last + ", behind " + from.number("count")
						+ " elements, and that file is gone. Restore it, or reset the mill to begin at the start.",
						null);
		}
	}

	@Override
	public Batch<T> read(Duration timeout) throws InterruptedException {
		while (true) {
			@Nullable StreamReader<T> current = (this.reader != null) ? this.reader : next();
			String file = this.name;
			if (current == null || file == null) {
				return new FilesBatch<>(null, this.behind, Batch.Status.ENDED);
			}
			this.reader = current;
			Batch<T> batch = current.read(timeout);
			boolean ended = batch.status() == Batch.Status.ENDED;
			FilesBatch.Part<T> part = new FilesBatch.Part<>(batch, file, this.earlier);
			this.behind = part.position(batch.size());
			boolean more = ended && nextFile() != null;
			if (ended) {
				current.close();
				this.reader = null;
			}
			if (more && batch.size() == 0) {
				continue;
			}
			Batch.Status status = more ? Batch.Status.OPEN : batch.status();
			return new FilesBatch<>(part, this.behind, status);
		}
	}

	/**
	 * Open the first file behind the last one.
	 */
	private @Nullable StreamReader<T> next() {
		Path file = nextFile();
		if (file == null) {
			return null;
		}
		if (this.name != null) {
			requireNoneBefore(this.name);
		}
		StreamReader<T> next = this.readers.apply(file, null);
		this.name = FilePattern.name(file);
		this.earlier = before(this.name);
		return next;
	}

	private long before(String file) {
		return this.pattern.files()
			.stream()
			.filter((other) -> FilePattern.compare(FilePattern.name(other), file) < 0)
			.count();
	}

	/**
	 * Fail if files came that stand before what is read: nobody would read them.
	 */
	private void requireNoneBefore(String file) {
		long now = before(file);
		if (now > this.earlier) {
			throw this.pattern.file()
				.failure("has " + now + ((now == 1) ? " file" : " files") + " before " + file
						+ ", to which it was read, of which only " + this.earlier
						+ " were there then: what is in the others would be left out. Give them names "
						+ "behind that, move them away, or reset the mill to begin at the start.", null);
		}
		this.earlier = now;
	}

	private @Nullable Path nextFile() {
		for (Path file : this.pattern.files()) {
			if (this.name == null || FilePattern.compare(FilePattern.name(file), this.name) > 0) {
				return file;
			}
		}
		return null;
	}

	@Override
	public void close() {
		if (this.reader != null) {
			this.reader.close();
		}
	}

}
