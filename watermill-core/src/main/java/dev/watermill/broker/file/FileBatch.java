package dev.watermill.broker.file;

import dev.watermill.broker.Batch;
import dev.watermill.stream.Position;

/**
 * Elements of a file with the bytes they were read from, out of which positions and
 * origins are found when they are asked for.
 *
 * @param <T> the type of the elements
 */
final class FileBatch<T> implements Batch<T> {

	private final BoundFile file;

	private final byte[] bytes;

	// The offset in the file of the first byte
	private final long origin;

	// Where in the bytes the window began
	private final int base;

	private final Elements elements;

	private final long count;

	private final long line;

	private final Status status;

	/**
	 * Create a batch.
	 * @param file the file
	 * @param window where its elements stand
	 * @param elements its elements
	 * @param count how many elements stand before it
	 * @param line how many line breaks stand before the window
	 * @param status what is known of the stream behind it
	 */
	FileBatch(BoundFile file, Window window, Elements elements, long count, long line, Status status) {
		this.file = file;
		this.bytes = window.bytes();
		this.origin = window.origin();
		this.base = window.mark();
		this.elements = elements;
		this.count = count;
		this.line = line;
		this.status = status;
	}

	@Override
	public int size() {
		return this.elements.size();
	}

	@Override
	public Object element(int index) {
		return this.elements.value(index);
	}

	@Override
	public Position position(int index) {
		int mark = this.elements.mark(index);
		boolean over = this.elements.isOver() && index == size();
		return new FilePosition(this.origin + mark, this.count + index, lineAt(mark), TailChecksum.of(this.bytes, mark),
				over)
			.toPosition();
	}

	@Override
	public String origin(int index) {
		int start = start(index);
		if (this.file.format().array()) {
			return this.file.path() + "[" + (this.count + index) + "] (line " + (lineAt(start) + 1) + ")";
		}
		return this.file.path() + ":" + (lineAt(start) + 1);
	}

	@Override
	public Status status() {
		return this.status;
	}

	private long lineAt(int index) {
		return this.line + Newlines.count(this.bytes, this.base, index);
	}

	private int start(int index) {
		int mark = this.elements.mark(index);
		if (index == size()) {
			return mark;
		}
		int end = this.elements.mark(index + 1);
		int start = mark;
		if (this.origin + mark == 0 && start < end && this.bytes[start] == ByteOrderMark.FIRST) {
			start += ByteOrderMark.LENGTH;
		}
		start = WhiteSpace.skip(this.bytes, start, end);
		boolean before = start < end && this.file.format().array()
				&& this.bytes[start] == ((this.origin + mark == 0) ? '[' : ',');
		return before ? WhiteSpace.skip(this.bytes, start + 1, end) : start;
	}

}
