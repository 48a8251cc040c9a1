package dev.watermill.broker.checkpoint.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

import dev.watermill.broker.LaneId;

/**
 * The name of a lane's checkpoint among those of other mills: the mill's own where every
 * file system keeps it apart from all others. Any other has a digest behind what can be
 * read of it, so that no two are one: not those that differ by case only, by letters that
 * a file system can't write, or behind the longest name it takes.
 */
final class CheckpointName {

	private static final Pattern PLAIN = Pattern.compile("[a-z0-9_][a-z0-9._-]{0,99}");

	private static final int READABLE = 60;

	private static final int DIGEST_BYTES = 8;

	private CheckpointName() {
	}

	static String of(LaneId owner) {
		String mill = owner.mill();
		String name = PLAIN.matcher(mill).matches() ? mill : readable(mill) + "~" + digest(mill);
		// no plain name has a tilde, and no lane as many digits as a digest
		return (owner.lane() > 0) ? name + "~" + owner.lane() : name;
	}

	private static String readable(String mill) {
		return mill.substring(0, Math.min(READABLE, mill.length())).replaceAll("[^A-Za-z0-9._-]", "_");
	}

	static String digest(String mill) {
		ByteBuffer chars = ByteBuffer.allocate(mill.length() * Character.BYTES);
		chars.asCharBuffer().put(mill);
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(chars.array());
			return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
