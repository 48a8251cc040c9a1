package dev.watermill.broker.file;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.InvalidElement;

/**
 * An element a line. Blank lines are passed over; the last line needs no line break. A
 * line that is not exactly one element is an invalid one.
 */
final class LinesFormat implements ElementFormat {

	private final BoundFile file;

	private final ElementDecoding decoding;

	private final int maxElementSize;

	private final Lines lines = new Lines();

	LinesFormat(BoundFile file, ElementDecoding decoding, int maxElementSize) {
		this.file = file;
		this.decoding = decoding;
		this.maxElementSize = maxElementSize;
	}

	@Override
	public boolean read(Window window, Elements elements) {
		int end = findLines(window);
		boolean cut = window.truncation() != null && this.lines.size() > 0
				&& window.bytes()[this.lines.end(this.lines.size() - 1) - 1] != '\n';
		Object[] values = new Object[this.lines.size()];
		decode(window, values);
		for (int i = 0; i < values.length; i++) {
			boolean cutHere = cut && i == values.length - 1;
			int next = this.lines.end(i);
			elements.add(cutHere ? cutOff(window, this.lines.start(i), next) : values[i], next);
		}
		if (!window.isAtEnd()) {
			return false;
		}
		if (window.truncation() != null) {
			elements.addLast(new InvalidElement(window.truncation() + ". Restore the file.", null, null), end);
		}
		return true;
	}

	private void decode(Window window, Object[] values) {
		int decoded = 0;
		while (decoded < values.length) {
			int first = decoded;
			decoded = this.decoding.lines(window, this.lines, first, values);
			if (decoded < values.length) {
				// What is wrong at this line may be due to the end of the one before
				for (int i = Math.max(first, decoded - 1); i <= decoded; i++) {
					values[i] = this.decoding.one(window, this.lines.start(i), this.lines.end(i));
				}
				decoded++;
			}
		}
	}

	/**
	 * Find the lines that are whole.
	 * @return where the rest begins
	 */
	private int findLines(Window window) {
		this.lines.clear();
		byte[] bytes = window.bytes();
		int limit = window.limit();
		int begin = ByteOrderMark.skip(window, this.file);
		while (begin < limit) {
			int newline = Newlines.next(bytes, begin, limit);
			if (newline == limit && !window.isAtEnd()) {
				requireSize(window, begin, limit);
				return (begin == ByteOrderMark.skip(window, this.file)) ? window.mark() : begin;
			}
			int end = Math.min(newline + 1, limit);
			int start = WhiteSpace.skip(bytes, begin, end);
			if (start < end) {
				this.lines.add(start, end);
			}
			begin = end;
		}
		return limit;
	}

	private void requireSize(Window window, int begin, int limit) {
		if (limit - begin >= this.maxElementSize) {
			throw new BrokerException("Stream '" + this.file.stream() + "': the file " + this.file.path()
					+ " has at offset " + (window.origin() + begin) + " a line of more than " + this.maxElementSize
					+ " bytes. Break it up, or raise the broker's limit for the size of an element.");
		}
	}

	private InvalidElement cutOff(Window window, int start, int end) {
		return new InvalidElement("The line is cut off", window.copy(start, end), null);
	}

}
