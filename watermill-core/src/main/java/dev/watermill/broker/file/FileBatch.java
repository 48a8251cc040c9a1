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

	// The end of the file in the bytes, below zero while it was not read
	private final int end;

	// The checksum of everything before the base
	private final long content;

	private final Elements elements;

	private final long count;

	private final long line;

	private final Status status;

	private final boolean anew;

	/**
	 * Create a batch.
	 * @param file the file
	 * @param window where its elements stand
	 * @param elements its elements
	 * @param count how many elements stand before it
	 * @param line how many line breaks stand before the window
	 * @param status what is known of the stream behind it
	 * @param anew whether it has nothing to do with what was read before
	 */
	FileBatch(BoundFile file, Window window, Elements elements, long count, long line, Status status, boolean anew) {
		this.file = file;
		this.bytes = window.bytes();
		this.origin = window.origin();
		this.base = window.mark();
		this.end = (status == Status.ENDED && window.isAtEnd()) ? window.limit() : -1;
		this.content = window.content();
		this.elements = elements;
		this.count = count;
		this.line = line;
		this.status = status;
		this.anew = anew;
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
		FilePosition.Whole whole = (this.end >= 0 && index == size())
				? new FilePosition.Whole(this.origin + this.end, contentBefore(this.end)) : null;
		return new FilePosition(this.origin + mark, this.count + index, lineAt(mark), TailChecksum.of(this.bytes, mark),
				contentBefore(mark), over, whole)
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
	public boolean isSegmentStart() {
		return this.anew;
	}

	@Override
	public Status status() {
		return this.status;
	}

	private long contentBefore(int index) {
		return ContentChecksum.of(this.content, this.bytes, this.base, index);
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
