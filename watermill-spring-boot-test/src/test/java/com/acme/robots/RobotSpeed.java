package com.acme.robots;

record RobotSpeed(long time, double speed) {

}
