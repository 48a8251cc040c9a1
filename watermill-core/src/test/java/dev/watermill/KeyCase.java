package dev.watermill;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;

import dev.watermill.key.KeyFunction;
import dev.watermill.key.KeySpan;

/**
 * A kind of key: for each rank a key, in the same order, in a form for either side of a
 * join.
 */
enum KeyCase {

	LONG(null, null),

	DOUBLE(null, null),

	MIXED_NUMBERS(null, null),

	BOXED_NUMBERS((rank) -> (rank % 2 == 0) ? (Object) rank : (Object) BigInteger.valueOf(rank),
			(rank) -> (rank % 3 == 0) ? (Object) (float) rank : (Object) (short) rank),

	TEXT((rank) -> text(rank), (rank) -> new StringBuilder(text(rank))),

	LIST((rank) -> List.of(rank / 3, "x" + rank % 3), (rank) -> List.of((double) (rank / 3), "x" + rank % 3)),

	UNEVEN_LIST((rank) -> uneven(rank), (rank) -> uneven(rank)),

	DATE((rank) -> LocalDate.EPOCH.plusDays(rank), (rank) -> LocalDate.EPOCH.plusDays(rank)),

	INSTANT((rank) -> Instant.EPOCH.plusSeconds(rank),
			(rank) -> Instant.EPOCH.plusSeconds(rank).atOffset(ZoneOffset.ofHours(rank % 5 - 2))),

	UNSIGNED_UUID((rank) -> new UUID((long) rank << 59, Long.MIN_VALUE + rank),
			(rank) -> new UUID((long) rank << 59, Long.MIN_VALUE + rank)),

	DECIMAL((rank) -> new BigDecimal(rank).movePointLeft(1), (rank) -> new BigDecimal(rank + ".000").movePointLeft(1)),

	CONSTANT((rank) -> Letter.values()[rank], (rank) -> Letter.values()[rank]);

	/** The rank whose number is 0. */
	static final int ZERO = 3;

	private final IntFunction<Object> left;

	private final IntFunction<Object> right;

	KeyCase(IntFunction<Object> left, IntFunction<Object> right) {
		this.left = left;
		this.right = right;
	}

	KeyFunction<Item> left(int column) {
		return switch (this) {
			case LONG, MIXED_NUMBERS -> KeyFunction.ofLong("left " + column, (item) -> item.rank(column) - ZERO);
			case DOUBLE -> KeyFunction.ofDouble("left " + column, (item) -> (item.rank(column) - ZERO) * 0.5);
			default ->
				KeyFunction.ofObject("left " + column, Object.class, (item) -> this.left.apply(item.rank(column)));
		};
	}

	KeyFunction<Item> right(int column) {
		return switch (this) {
			case LONG -> KeyFunction.ofLong("right " + column, (item) -> item.rank(column) - ZERO);
			case MIXED_NUMBERS -> KeyFunction.ofDouble("right " + column, (item) -> item.rank(column) - 3.0);
			case DOUBLE -> KeyFunction.ofDouble("right " + column, (item) -> -(3 - item.rank(column)) * 0.5);
			default ->
				KeyFunction.ofObject("right " + column, Object.class, (item) -> this.right.apply(item.rank(column)));
		};
	}

	/**
	 * Whether keys of this kind are some distance apart.
	 */
	boolean hasDistances() {
		return switch (this) {
			case LONG, DOUBLE, MIXED_NUMBERS, BOXED_NUMBERS, DATE, INSTANT, DECIMAL -> true;
			default -> false;
		};
	}

	/**
	 * How far the keys of two ranks are apart.
	 * @param ranks how far the ranks are apart
	 */
	KeySpan span(int ranks) {
		return switch (this) {
			case DOUBLE -> KeySpan.of(ranks * 0.5);
			case DECIMAL -> KeySpan.of(new BigDecimal(ranks).movePointLeft(1));
			case DATE -> KeySpan.of(Duration.ofDays(ranks));
			case INSTANT -> KeySpan.of(Duration.ofSeconds(ranks));
			default -> KeySpan.of(ranks);
		};
	}

	/**
	 * What is behind 0, or the epoch, by some ranks, counted from the rank {@link #ZERO}
	 * on.
	 */
	KeySpan offset(int ranks) {
		return switch (this) {
			case LONG, DOUBLE, MIXED_NUMBERS -> span(ranks);
			default -> span(ranks + ZERO);
		};
	}

	private static String text(int rank) {
		// by code unit the last would be less than the one before it
		String[] tails = { "", "a", "\uFF61", "\uD83D\uDE00" };
		return "t" + (char) ('A' + rank / tails.length) + tails[rank % tails.length];
	}

	private static List<Object> uneven(int rank) {
		return switch (rank % 3) {
			case 0 -> List.of((long) rank / 3);
			case 1 -> List.of((long) rank / 3, "");
			default -> List.of((long) rank / 3, "", LocalDate.EPOCH);
		};
	}

	enum Letter {

		A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z

	}

}
