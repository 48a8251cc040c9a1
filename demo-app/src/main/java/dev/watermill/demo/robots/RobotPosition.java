package dev.watermill.demo.robots;

/**
 * A reading of the robots that never stop.
 *
 * @param tick the number of the reading
 * @param robot the robot
 * @param x to the east, in metres
 */
record RobotPosition(long tick, int robot, double x) {

}
