package dev.watermill.broker.file;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.OriginalElement;
import dev.watermill.codec.InvalidElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Elements of a file with the bytes they were read from, out of which positions and
 * origins are found when they are asked for.
 *
 * @param <T> the type of the elements
 */
final class FileBatch<T> implements Batch<T> {

	static final long UNKNOWN = -1;

	private final BoundFile file;

	private final FileIdentity identity;

	private final byte[] bytes;

	// The offset in the file of the first byte
	private final long origin;

	// Where in the bytes the buffer began
	private final int base;

	// The end of the file in the bytes, below zero while it was not read
	private final int end;

	// The checksum of everything before the base
	private final long content;

	private final Elements elements;

	private final long count;

	private final long line;

	private final @Nullable FilePosition begin;

	private final long beginLine;

	private final Status status;

	private final boolean anew;

	/**
	 * Create a batch.
	 * @param file the file
	 * @param identity which file it is
	 * @param buffer where its elements stand
	 * @param elements its elements
	 * @param count how many elements stand before it
	 * @param line how many line breaks stand before the buffer
	 * @param begin where reading begins for the first element, if that is before the
	 * buffer
	 * @param beginLine how many line breaks stand before the first element, if it begins
	 * before the buffer
	 * @param status what is known of the stream behind it
	 * @param anew whether it has nothing to do with what was read before
	 */
	FileBatch(BoundFile file, FileIdentity identity, ReadBuffer buffer, Elements elements, long count, long line,
			@Nullable FilePosition begin, long beginLine, Status status, boolean anew) {
		this.file = file;
		this.identity = identity;
		this.bytes = buffer.bytes();
		this.origin = buffer.origin();
		this.base = buffer.mark();
		this.end = (status == Status.ENDED && buffer.isAtEnd()) ? buffer.limit() : -1;
		this.content = buffer.content();
		this.elements = elements;
		this.count = count;
		this.line = line;
		this.begin = begin;
		this.beginLine = beginLine;
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
		FilePosition position = (index == 0 && this.begin != null) ? this.begin : at(index);
		boolean whole = this.end >= 0 && index == size();
		return this.identity
			.addTo((whole ? position.with(new FilePosition.Whole(this.origin + this.end, contentBefore(this.end)))
					: position)
				.toPosition());
	}

	private FilePosition at(int index) {
		int mark = this.elements.mark(index);
		return new FilePosition(this.origin + mark, this.count + index, lineAt(mark), TailChecksum.of(this.bytes, mark),
				contentBefore(mark), null);
	}

	@Override
	public String origin(int index) {
		long lineNumber = lineOf(index);
		if (this.file.format().array()) {
			return this.file.path() + "[" + (this.count + index) + "] (line " + lineNumber + ")";
		}
		return this.file.path() + ":" + lineNumber;
	}

	@Override
	public @Nullable ElementMetadata metadata(int index) {
		byte[] line = (this.file.format().layout() == FileFormat.Layout.DEAD_LETTER) ? content(index) : null;
		WrittenLetter letter = (line != null) ? WrittenLetter.of(line) : null;
		return (letter != null) ? letter.metadata() : null;
	}

	@Override
	public OriginalElement original(int index) {
		Map<String, Object> place = new LinkedHashMap<>();
		place.put("file", this.file.path().toString());
		if (!this.file.format().lines()) {
			place.put("index", this.count + index);
		}
		place.put("line", lineOf(index));
		return new OriginalElement(place, null, content(index), List.of());
	}

	/**
	 * The bytes of an element. Of one that is too long only the beginning is still there,
	 * and the file has the rest.
	 */
	private byte @Nullable [] content(int index) {
		if (index == 0 && this.begin != null && element(0) instanceof InvalidElement invalid) {
			return invalid.bytes();
		}
		int start = this.elements.start(index);
		int last = this.elements.mark(index + 1);
		boolean array = this.file.format().array();
		while (last > start && (WhiteSpace.is(this.bytes[last - 1]) || (array && this.bytes[last - 1] == ','))) {
			last--;
		}
		return Arrays.copyOfRange(this.bytes, start, last);
	}

	/**
	 * {@inheritDoc} Elements of an array may be nothing at all, so they are told by how
	 * many there are before them.
	 */
	@Override
	public boolean isBefore(int index, Position position) {
		return this.count + index < FilePosition.count(position);
	}

	/**
	 * {@inheritDoc} The bytes that were read with it are not kept.
	 */
	@Override
	public Batch<T> alone(int index) {
		long before = this.count + index;
		return new Alone<>(element(index), position(index), position(index + 1), origin(index), metadata(index),
				original(index), (position) -> before < FilePosition.count(position), before);
	}

	@Override
	public boolean isSegmentStart() {
		return this.anew;
	}

	@Override
	public long number(int index) {
		return this.count + index;
	}

	@Override
	public Status status() {
		return this.status;
	}

	private long lineOf(int index) {
		boolean before = index == 0 && this.beginLine != UNKNOWN;
		return (before ? this.beginLine : lineAt(this.elements.start(index))) + 1;
	}

	private long contentBefore(int index) {
		return ContentChecksum.of(this.content, this.bytes, this.base, index);
	}

	private long lineAt(int index) {
		return this.line + Newlines.count(this.bytes, this.base, index);
	}

}
