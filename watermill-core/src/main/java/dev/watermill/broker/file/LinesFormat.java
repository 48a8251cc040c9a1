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
	public boolean read(Window window, Elements elements) {
		if (this.tooLong != null) {
			int taken = passTooLong(window, elements, this.tooLong, window.mark());
			return taken == window.limit() && window.isAtEnd();
		}
		int begin = findLines(window);
		decode(window, elements);
		int limit = window.limit();
		if (begin == limit && elements.size() == 0) {
			elements.pass(limit);
		}
		if (begin == limit || elements.size() > 0) {
			return begin == limit && window.isAtEnd();
		}
		return alone(window, elements, begin);
	}

	/**
	 * Find the lines that are whole and not too long.
	 * @return where the rest begins
	 */
	private int findLines(Window window) {
		this.lines.clear();
		byte[] bytes = window.bytes();
		int limit = window.limit();
		int begin = ByteOrderMark.skip(window, this.file);
		while (begin < limit) {
			int newline = Newlines.next(bytes, begin, limit);
			int end = Math.min(newline + 1, limit);
			int start = WhiteSpace.skip(bytes, begin, end);
			if (start < end) {
				boolean whole = newline < limit || window.isAtEnd();
				if (!whole || content(bytes, start, end) - start > this.maxElementSize) {
					return begin;
				}
				this.lines.add(start, end);
			}
			begin = end;
		}
		return limit;
	}

	private void decode(Window window, Elements elements) {
		int size = this.lines.size();
		Object[] values = new Object[size];
		int next = 0;
		while (next < size) {
			int decoded = this.decoding.lines(window, this.lines, next, values);
			// What is wrong at this line may be due to the end of the one before
			int right = (decoded < size) ? Math.max(next, decoded - 1) : size;
			for (; next < right; next++) {
				elements.add(values[next], this.lines.start(next), this.lines.end(next));
			}
			for (; next < size && next <= decoded; next++) {
				single(window, elements, this.lines.start(next), this.lines.end(next));
			}
		}
	}

	private void single(Window window, Elements elements, int start, int end) {
		Object value = this.decoding.one(window, start, end);
		if (value instanceof InvalidElement && this.decoding.isJson()) {
			values(window, elements, start, end, true);
		}
		else {
			elements.add(value, start, end);
		}
	}

	/**
	 * Look at a line alone that is too long, or not whole yet.
	 */
	private boolean alone(Window window, Elements elements, int begin) {
		byte[] bytes = window.bytes();
		int limit = window.limit();
		int newline = Newlines.next(bytes, begin, limit);
		int end = Math.min(newline + 1, limit);
		boolean whole = newline < limit || window.isAtEnd();
		int start = WhiteSpace.skip(bytes, begin, end);
		elements.pass(start);
		if (start < end) {
			int rest = this.decoding.isJson() ? values(window, elements, start, end, whole)
					: line(window, elements, start, end, whole);
			return rest == limit && window.isAtEnd();
		}
		return false;
	}

	/**
	 * Add the elements that a line has.
	 * @return where the rest begins
	 */
	private int values(Window window, Elements elements, int start, int end, boolean whole) {
		int content = content(window.bytes(), start, end);
		int at = start;
		while (at < content) {
			switch (this.next.look(window.bytes(), at, content, whole)) {
				case VALUE, INVALID -> {
					int valueEnd = this.next.end();
					int next = WhiteSpace.skip(window.bytes(), valueEnd, end);
					boolean last = next == end && whole;
					int elementEnd = last ? end : valueEnd;
					elements.add(one(window, at, elementEnd), at, elementEnd);
					at = last ? end : next;
				}
				case BROKEN -> {
					if (elements.size() > 0) {
						return at;
					}
					return line(window, elements, at, end, whole);
				}
				case TOO_LONG -> {
					if (elements.size() > 0) {
						return at;
					}
					return tooLong(window, elements, at,
							new LongElement(LongElement.Framing.LINES, window.bytes(), at, this.maxElementSize));
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
	private int line(Window window, Elements elements, int start, int end, boolean whole) {
		if (content(window.bytes(), start, end) - start > this.maxElementSize) {
			return tooLong(window, elements, start, LongElement.restOfLine(window.bytes(), start, this.maxElementSize));
		}
		if (!whole) {
			return start;
		}
		elements.add(one(window, start, end), start, end);
		return end;
	}

	private Object one(Window window, int start, int end) {
		return this.problem.of(this.decoding.one(window, start, end), window, start, end);
	}

	private int tooLong(Window window, Elements elements, int start, LongElement element) {
		this.tooLong = element;
		elements.passWithin(start, start);
		return passTooLong(window, elements, element, start);
	}

	private int passTooLong(Window window, Elements elements, LongElement element, int from) {
		int taken = element.take(window.bytes(), from, window.limit(), window.isAtEnd());
		if (element.isEnded() || window.isAtEnd()) {
			this.tooLong = null;
			elements.add(element.toInvalid(), from, taken);
		}
		else {
			elements.pass(taken);
		}
		return taken;
	}

}
