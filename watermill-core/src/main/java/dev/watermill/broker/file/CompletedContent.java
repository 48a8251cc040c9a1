package dev.watermill.broker.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

import dev.watermill.stream.Position;

/**
 * What a file held when its mill completed, as it was read: it is read again only if that
 * has changed, and being copied, touched or compressed anew is no change.
 */
final class CompletedContent {

	private static final String COMPLETED = "completed";

	private CompletedContent() {
	}

	/**
	 * Mark a position as that of a mill that completed.
	 */
	static Position mark(Position position) {
		return position.equals(Position.empty()) ? position : position.with(COMPLETED, 1);
	}

	/**
	 * Whether a file holds something else than what was read of it when the mill
	 * completed. Of a pipe that is always so: what comes out of it was never there
	 * before.
	 */
	static boolean isChanged(Position position, BoundFile file) {
		if (!position.has(COMPLETED)) {
			return false;
		}
		file.requireReadable();
		if (file.isPipe()) {
			return true;
		}
		FilePosition read = FilePosition.of(position, file);
		FilePosition.Whole whole = read.whole();
		try {
			if (whole == null) {
				// it was not read to its end, and goes on there
				return isChanged(file, read.offset(), read.content(), false);
			}
			if (!file.format().gzip() && Files.size(file.path()) != whole.size()) {
				return true;
			}
			return isChanged(file, whole.size(), whole.content(), true);
		}
		catch (EOFException ex) {
			// Reading it will tell what is missing
			return true;
		}
		catch (IOException ex) {
			throw file.unreadable(ex);
		}
	}

	private static boolean isChanged(BoundFile file, long length, long content, boolean whole) throws IOException {
		byte[] buffer = new byte[64 * 1024];
		long found = ContentChecksum.NOTHING;
		try (InputStream in = file.open()) {
			long left = length;
			while (left > 0) {
				int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
				if (count < 0) {
					return true;
				}
				found = ContentChecksum.of(found, buffer, 0, count);
				left -= count;
			}
			return found != content || (whole && in.read() >= 0);
		}
	}

}
