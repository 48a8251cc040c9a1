package dev.watermill.broker.file;

import dev.watermill.codec.InvalidElement;
import org.jspecify.annotations.Nullable;

/**
 * An element a line. Blank lines are passed over; the last line needs no line break.
 * Where a line has several values, each is an element; what else there is on a line is an
 * invalid one.
 */
final class LinesFormat implements ElementFormat {

	private final BoundFile file;

	private final ElementDecoding decoding;

	private final LineProblem problem;

	private final NextValue next;

	private final int maxElementSize;

	private final Lines lines = new Lines();

	private @Nullable LongElement tooLong;

	LinesFormat(BoundFile file, ElementDecoding decoding, JsonSyntax syntax, int maxElementSize) {
		this.file = file;
		this.decoding = decoding;
		this.problem = new LineProblem(decoding);
		this.next = new NextValue(syntax, maxElementSize, true);
		this.maxElementSize = maxElementSize;
	}

	@Override
	public boolean read(ReadBuffer buffer, Elements elements) {
		if (this.tooLong != null) {
			int taken = passTooLong(buffer, elements, this.tooLong, buffer.mark());
			return taken == buffer.limit() && buffer.isAtEnd();
		}
		int begin = findLines(buffer);
		decode(buffer, elements);
		int limit = buffer.limit();
		if (begin == limit && elements.size() == 0) {
			elements.pass(limit);
		}
		if (begin == limit || elements.size() > 0) {
			return begin == limit && buffer.isAtEnd();
		}
		return alone(buffer, elements, begin);
	}

	/**
	 * Find the lines that are whole and not too long.
	 * @return where the rest begins
	 */
	private int findLines(ReadBuffer buffer) {
		this.lines.clear();
		byte[] bytes = buffer.bytes();
		int limit = buffer.limit();
		int begin = ByteOrderMark.skip(buffer, this.file);
		while (begin < limit) {
			int newline = Newlines.next(bytes, begin, limit);
			int end = Math.min(newline + 1, limit);
			int start = WhiteSpace.skip(bytes, begin, end);
			if (start < end) {
				boolean whole = newline < limit || buffer.isAtEnd();
				if (!whole || content(bytes, start, end) - start > this.maxElementSize) {
					return begin;
				}
				this.lines.add(start, end);
			}
			begin = end;
		}
		return limit;
	}

	private void decode(ReadBuffer buffer, Elements elements) {
		int size = this.lines.size();
		Object[] values = new Object[size];
		int next = 0;
		while (next < size) {
			int decoded = this.decoding.lines(buffer, this.lines, next, values);
			// What is wrong at this line may be due to the end of the one before
			int right = (decoded < size) ? Math.max(next, decoded - 1) : size;
			for (; next < right; next++) {
				elements.add(values[next], this.lines.start(next), this.lines.end(next));
			}
			for (; next < size && next <= decoded; next++) {
				single(buffer, elements, this.lines.start(next), this.lines.end(next));
			}
		}
	}

	private void single(ReadBuffer buffer, Elements elements, int start, int end) {
		Object value = this.decoding.one(buffer, start, end);
		if (value instanceof InvalidElement && this.decoding.isJson()) {
			values(buffer, elements, start, end, true);
		}
		else {
			elements.add(value, start, end);
		}
	}

	/**
	 * Look at a line alone that is too long, or not whole yet.
	 */
	private boolean alone(ReadBuffer buffer, Elements elements, int begin) {
		byte[] bytes = buffer.bytes();
		int limit = buffer.limit();
		int newline = Newlines.next(bytes, begin, limit);
		int end = Math.min(newline + 1, limit);
		boolean whole = newline < limit || buffer.isAtEnd();
		int start = WhiteSpace.skip(bytes, begin, end);
		elements.pass(start);
		if (start < end) {
			int rest = this.decoding.isJson() ? values(buffer, elements, start, end, whole)
					: line(buffer, elements, start, end, whole);
			return rest == limit && buffer.isAtEnd();
		}
		return false;
	}

	/**
	 * Add the elements that a line has.
	 * @return where the rest begins
	 */
	private int values(ReadBuffer buffer, Elements elements, int start, int end, boolean whole) {
		int content = content(buffer.bytes(), start, end);
		int at = start;
		while (at < content) {
			switch (this.next.find(buffer.bytes(), at, content, whole)) {
				case VALUE, INVALID -> {
					int valueEnd = this.next.end();
					int next = WhiteSpace.skip(buffer.bytes(), valueEnd, end);
					boolean last = next == end && whole;
					int elementEnd = last ? end : valueEnd;
					elements.add(one(buffer, at, elementEnd), at, elementEnd);
					at = last ? end : next;
				}
				case BROKEN -> {
					if (elements.size() > 0) {
						return at;
					}
					return line(buffer, elements, at, end, whole);
				}
				case TOO_LONG -> {
					if (elements.size() > 0) {
						return at;
					}
					return tooLong(buffer, elements, at,
							new LongElement(LongElement.Framing.LINES, buffer.bytes(), at, this.maxElementSize));
				}
				case MORE -> {
					return at;
				}
			}
		}
		return at;
	}

	private static int content(byte[] bytes, int start, int end) {
		int content = (end > start && bytes[end - 1] == '\n') ? end - 1 : end;
		return (content > start && bytes[content - 1] == '\r') ? content - 1 : content;
	}

	/**
	 * Add a line, or the rest of one, as an element.
	 * @return where the rest begins
	 */
	private int line(ReadBuffer buffer, Elements elements, int start, int end, boolean whole) {
		if (content(buffer.bytes(), start, end) - start > this.maxElementSize) {
			return tooLong(buffer, elements, start, LongElement.restOfLine(buffer.bytes(), start, this.maxElementSize));
		}
		if (!whole) {
			return start;
		}
		elements.add(one(buffer, start, end), start, end);
		return end;
	}

	private Object one(ReadBuffer buffer, int start, int end) {
		return this.problem.of(this.decoding.one(buffer, start, end), buffer, start, end);
	}

	private int tooLong(ReadBuffer buffer, Elements elements, int start, LongElement element) {
		this.tooLong = element;
		elements.passWithin(start, start);
		return passTooLong(buffer, elements, element, start);
	}

	private int passTooLong(ReadBuffer buffer, Elements elements, LongElement element, int from) {
		int taken = element.take(buffer.bytes(), from, buffer.limit(), buffer.isAtEnd());
		if (element.isEnded() || buffer.isAtEnd()) {
			this.tooLong = null;
			elements.add(element.toInvalid(), from, taken);
		}
		else {
			elements.pass(taken);
		}
		return taken;
	}

}
