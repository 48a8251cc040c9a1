package dev.watermill.broker.file;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Elements of one of several files.
 *
 * @param <T> the type of the elements
 * @param part the elements, {@code null} if there is no file left
 * @param behind the position behind them
 * @param status what is known of the stream behind them
 */
record FilesBatch<T>(@Nullable Part<T> part, Position behind, Status status) implements Batch<T> {

	@Override
	public int size() {
		return (this.part != null) ? this.part.batch().size() : 0;
	}

	@Override
	public Object element(int index) {
		if (this.part == null) {
			throw new IndexOutOfBoundsException(index);
		}
		return this.part.batch().element(index);
	}

	@Override
	public Position position(int index) {
		if (this.part == null || index >= size()) {
			return this.behind;
		}
		return this.part.position(index);
	}

	@Override
	public String origin(int index) {
		return (this.part != null) ? this.part.batch().origin(index) : "the end of the last file";
	}

	@Override
	public @Nullable ElementMetadata metadata(int index) {
		return (this.part != null) ? this.part.batch().metadata(index) : null;
	}

	@Override
	public @Nullable OriginalElement original(int index) {
		return (this.part != null) ? this.part.batch().original(index) : null;
	}

	@Override
	public boolean isBefore(int index, Position position) {
		String file = Part.file(position);
		if (this.part == null || file == null) {
			return false;
		}
		int order = FilePattern.compare(this.part.file(), file);
		return order < 0 || (order == 0 && this.part.batch().isBefore(index, position));
	}

	@Override
	public long number(int index) {
		return (this.part != null) ? Batch.numberWithin(this.part.file().hashCode(), this.part.batch().number(index))
				: 0;
	}

	@Override
	public Batch<T> alone(int index) {
		if (this.part == null) {
			throw new IndexOutOfBoundsException(index);
		}
		Part<T> alone = new Part<>(this.part.batch().alone(index), this.part.file(), this.part.earlier());
		return new FilesBatch<>(alone, position(index + 1), Status.OPEN);
	}

	/**
	 * What was read of a file.
	 *
	 * @param batch the elements
	 * @param file the name of the file
	 * @param earlier how many files there were before it
	 */
	record Part<T>(Batch<T> batch, String file, long earlier) {

		private static final String FILE = "file";

		private static final String EARLIER = "earlier";

		Position position(int index) {
			return this.batch.position(index).with(FILE, this.file).with(EARLIER, this.earlier);
		}

		static @Nullable String file(Position position) {
			return position.text(FILE);
		}

		static long earlier(Position position) {
			return position.has(EARLIER) ? position.number(EARLIER) : Long.MAX_VALUE;
		}

	}

}
