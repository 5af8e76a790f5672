"""The emoji names that newer servers accept: a common part of the built-in set."""

_FACES = """
smile smiley grinning blush relaxed wink heart_eyes kissing_heart stuck_out_tongue joy sob cry
laughing sweat_smile rofl innocent upside_down_face slightly_smiling_face slightly_frowning_face
thinking_face neutral_face expressionless no_mouth confused worried open_mouth astonished flushed
scream fearful cold_sweat weary tired_face sleeping triumph rage angry sunglasses nerd_face
partying_face exploding_head face_with_monocle hugging_face zipper_mouth_face roll_eyes grimacing
"""
_HANDS = """
+1 -1 thumbsup thumbsdown ok_hand fist raised_hand raised_hands clap pray wave muscle point_up
point_down point_left point_right v crossed_fingers handshake writing_hand eyes ear brain
"""
_SIGNS = """
white_check_mark heavy_check_mark ballot_box_with_check x heavy_multiplication_x negative_squared_cross_mark
warning no_entry no_entry_sign exclamation question bangbang interrobang 100 red_circle large_blue_circle
white_circle black_circle large_orange_circle large_yellow_circle large_green_circle arrow_right arrow_left
arrow_up arrow_down arrow_forward arrows_counterclockwise repeat fast_forward rewind
recycle information_source sos new ok up cool free top soon end on back heavy_plus_sign
heavy_minus_sign radio_button zero one two three four five six seven eight nine keycap_ten hash
stop_button double_vertical_bar play_or_pause_button record_button
"""
_THINGS = """
tada rocket fire bell no_bell lock unlock key hammer wrench gear link paperclip pushpin round_pushpin
memo pencil pencil2 book books bookmark clipboard calendar date hourglass hourglass_flowing_sand
stopwatch alarm_clock clock1 watch bulb mag mag_right chart_with_upwards_trend
chart_with_downwards_trend bar_chart rotating_light construction ambulance fire_engine police_car
boom zap sparkles star star2 heart broken_heart yellow_heart green_heart blue_heart purple_heart
speech_balloon thought_balloon loudspeaker mega telephone_receiver phone email envelope inbox_tray
outbox_tray package shield trophy medal checkered_flag triangular_flag_on_post white_flag dart
coffee beer pizza cake doughnut bug robot_face ghost skull alien computer desktop_computer floppy_disk
satellite battery electric_plug house office hospital sunny cloud umbrella snowflake rainbow
"""

EMOJI = frozenset((_FACES + _HANDS + _SIGNS + _THINGS).split())
"""Names without colons."""
